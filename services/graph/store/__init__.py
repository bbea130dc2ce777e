"""What the graph service keeps: the change table, what holds now, proposals, epochs of standing."""
