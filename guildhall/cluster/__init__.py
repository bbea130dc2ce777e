"""`guildhall cluster`: what `docker-compose.yml` says, as processes of this machine, without an engine."""
