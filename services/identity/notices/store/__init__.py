"""Notices as rows."""
