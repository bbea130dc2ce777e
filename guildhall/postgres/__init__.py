"""Our own launcher of PostgreSQL, the roles and databases that Guildhall asks of a cluster."""
