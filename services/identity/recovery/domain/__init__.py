"""When guardians decide, and what a code is."""
