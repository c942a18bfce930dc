"""What helps to find out why a session goes wrong on somebody else's machine, without telling who they are."""
