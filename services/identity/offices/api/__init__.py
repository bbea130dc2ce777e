"""Offices over HTTP."""
