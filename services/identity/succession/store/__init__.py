"""Heirs and successions as rows."""
