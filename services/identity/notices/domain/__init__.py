"""When a member is told, where, and in which words."""
