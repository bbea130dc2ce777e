"""Businesses over HTTP."""
