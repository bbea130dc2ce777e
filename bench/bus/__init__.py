"""The bus measured from outbox to inbox, on each transport, beside its peers."""
