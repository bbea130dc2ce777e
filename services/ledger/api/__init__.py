"""The ledger's routes, by noun."""
