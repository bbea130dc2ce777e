"""What offices are, and who may what by them: pure."""
