"""The rules of identity as pure functions; clock, ids and randomness are arguments."""
