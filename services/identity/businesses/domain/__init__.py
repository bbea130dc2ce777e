"""What businesses are, who owns them, and who may what in them: pure."""
