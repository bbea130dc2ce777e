"""One operation a file, one transaction."""
