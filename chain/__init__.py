"""The contracts of the bridge: their source in Vyper, and what is compiled from it."""
