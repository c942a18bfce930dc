"""Sentences read aloud with the user: what is asked for, heard, judged and kept."""
