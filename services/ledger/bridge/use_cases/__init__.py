"""What the bridge does, one operation a file."""
