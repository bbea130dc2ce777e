"""What is done about a deletion, one a file."""
