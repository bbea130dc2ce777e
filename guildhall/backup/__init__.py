"""Backups: one file with one moment of everything a data folder holds, and the ways back from it."""
