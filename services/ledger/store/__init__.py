"""The ledger's rows: raw asyncpg where transfers are posted and balances read, one module per noun."""
