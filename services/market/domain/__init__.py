"""Nouns and rules of the market; pure: the time comes in as an argument."""
