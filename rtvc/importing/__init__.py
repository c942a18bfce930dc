"""Voices and parts that other programs wrote: read with suspicion, refused in one sentence, or turned into our own."""
