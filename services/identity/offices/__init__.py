"""Offices: a tree of them under the founder, who holds them until when, and what that lets them do."""
