"""Notices over HTTP: each member their own."""
