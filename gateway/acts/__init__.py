"""What one's device signed, gathered of all services, and one act of it as a file that others can check."""
