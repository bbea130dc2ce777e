"""`guildhall bench identity`: proofs of who one is, members by the million, and how soon an end is known."""
