"""What suits a GPT-SoVITS voice, measured on recordings: its context, its preset and what it is told of words."""
