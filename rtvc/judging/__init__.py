"""Judges of converted speech that come with their weights: whose voice it is, how clean it sounds, what is said."""
