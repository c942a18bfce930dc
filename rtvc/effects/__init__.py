"""What is done to the sound before and after the voice, each part at no cost while it is off."""
