"""The operations of the market: one a file, one transaction each."""
