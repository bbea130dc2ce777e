"""The graph's routes, by noun."""
