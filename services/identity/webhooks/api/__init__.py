"""Webhooks over HTTP: the founder's alone."""
