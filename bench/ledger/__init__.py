"""How fast the ledger posts and answers, through the gateway, beside what its PostgreSQL can do."""
