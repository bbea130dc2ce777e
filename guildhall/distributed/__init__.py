"""One process of one service, of a deployment of many."""
