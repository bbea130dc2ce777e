"""The rows of deletions."""
