"""The transport of the bus on a PostgreSQL database of its own."""

from chassis.bus.postgres.housekeeping import keep_log
from chassis.bus.postgres.schema import migrate_bus
from chassis.bus.postgres.transport import PostgresTransport

__all__ = ["PostgresTransport", "keep_log", "migrate_bus"]
