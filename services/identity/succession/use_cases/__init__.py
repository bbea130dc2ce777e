"""Name an heir, agree, hand over, claim, object."""
