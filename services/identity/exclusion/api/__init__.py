"""Routes of suspensions and expulsions."""
