"""Work that needs networks or sound, done in a process of its own for a window that must load neither."""
