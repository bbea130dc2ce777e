"""The bridge: the union's token one to one on a chain, by a vault that holds what is inside."""
