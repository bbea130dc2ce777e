"""Members, keys, sessions, unions, charters and memberships: who is who, and who belongs where."""
