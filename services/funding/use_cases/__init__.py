"""The operations of funding: one a file, one transaction each."""
