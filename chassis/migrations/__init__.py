"""The schema of the chassis' own tables, and the running of every service's migrations."""

from chassis.migrations.run import ServiceSchema, chains, migrate_service

__all__ = ["ServiceSchema", "chains", "migrate_service"]
