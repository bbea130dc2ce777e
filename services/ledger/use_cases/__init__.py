"""What the ledger does: one operation a file, one transaction."""
