"""Funding's routes, by noun."""
