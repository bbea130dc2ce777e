"""When somebody comes in, and what a list of people says."""
