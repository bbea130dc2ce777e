"""Admission over HTTP."""
