"""Services on machines of their own: where they listen, which of them answer, and calls to them."""
