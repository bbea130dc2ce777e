"""The heir, and what can be refused: pure."""
