"""Who is asking: tokens of members and services, the keys behind them, and the dependencies of the routes."""
