"""The rows of businesses, their shares, who works in them, and what their owners resolve."""
