"""The rules of posting: pure functions over accounts, transfers, entries and runs."""
