"""Keys that are heard while another program has the keyboard."""
