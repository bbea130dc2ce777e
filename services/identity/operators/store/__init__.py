"""Rows of operators and of what they did."""
