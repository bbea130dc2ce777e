"""Rows of suspensions and expulsions."""
