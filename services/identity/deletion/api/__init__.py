"""The routes of deletions."""
