"""The market: offers, bids, and agreements whose price waits in escrow."""
