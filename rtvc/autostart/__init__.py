"""Starting with the user's session, as each system keeps it; the system's own record is the only one."""
