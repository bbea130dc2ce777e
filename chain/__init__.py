"""The contracts of the bridge, and what asks contract wallets: in Vyper, with what is compiled from it."""
