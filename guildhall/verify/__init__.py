"""Check what a deployment gives out, without it: the standard library alone, none of the services' code."""
