"""Operators of the house, named by who has access to its machine."""
