"""The bridge's rows."""
