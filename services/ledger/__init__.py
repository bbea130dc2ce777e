"""The ledger: assets, accounts, transfers, runs and the journal of every union."""
