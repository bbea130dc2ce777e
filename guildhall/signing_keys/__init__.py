"""The keys that sign members' tokens, changed by the operator while everything runs."""
