"""How a member comes back who has lost every key: guardians, one-time codes, recoveries."""
