"""One process and its PostgreSQL: every service, the gateway and the bus on one data folder."""
