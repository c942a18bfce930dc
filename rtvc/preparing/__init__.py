"""From any recordings of one speaker to pieces of speech that a voice learns from, and what can be said of them."""
