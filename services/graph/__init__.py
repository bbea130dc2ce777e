"""Who supports whom in a union, who speaks for whom, and what follows from it."""
