"""What operators may do, and what becomes of it."""
