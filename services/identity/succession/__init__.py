"""Who holds the founder's office after its holder: an heir who agreed, a handover, a claim."""
