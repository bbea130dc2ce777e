"""Every process' own memory of the unions' graphs: it tails the change table and names its version."""
