"""One operation a file, one transaction each."""
