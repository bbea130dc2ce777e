"""The ways by which a message reaches a member."""
