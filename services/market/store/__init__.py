"""The tables of the market and the statements on them."""
