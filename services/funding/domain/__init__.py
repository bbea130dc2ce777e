"""Nouns and rules of funding; pure: the time comes in as an argument."""
