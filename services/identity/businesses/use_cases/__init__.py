"""One operation on businesses a file."""
