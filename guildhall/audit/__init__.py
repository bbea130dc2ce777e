"""The audit: every promise of the services recomputed from raw rows, by code that is not the services'."""
