"""The rows of offices, of those who hold them, and of what services were told."""
