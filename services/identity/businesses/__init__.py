"""Businesses of a union's members: owners with shares, managers, hires."""
