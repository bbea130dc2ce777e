"""One operation on webhooks a file, one transaction each."""
