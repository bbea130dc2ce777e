"""What holds of a deletion, without web or database."""
