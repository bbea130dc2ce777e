"""The tables of funding and the statements on them."""
