"""Those outside who read a union's public events: their users, rights and first consumer."""
