"""What a voice is worth on this machine: conversions, figures, pictures, and a page with all of them."""
