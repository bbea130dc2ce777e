"""HTTP routes of operators and of what they did."""
