"""How somebody comes in: lists of people with personal links, applications, vouching, all of it combined."""
