"""The market's routes, by noun."""
