"""The seams to the chain: one client, a wrapper for each contract, one signer."""
