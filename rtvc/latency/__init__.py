"""The delay of a live session: the least that a machine can keep, what it is measured to be, and one that is held."""
