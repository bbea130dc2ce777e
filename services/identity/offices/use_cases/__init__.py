"""One operation on offices a file."""
