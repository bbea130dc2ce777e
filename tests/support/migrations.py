"""How a test's database gets its tables: by the migrations that a start runs."""

from chassis.bus.postgres.schema import migrate_bus
from chassis.migrations import migrate_service
from guildhall.embedded.schemas import schema_of
from guildhall.postgres.roles import BUS


async def migrate(service: str, owner_url: str) -> None:
    """Runs the chassis' chain and the service's own, or the bus' chain, as the owning role."""
    if service == BUS:
        await migrate_bus(owner_url)
    else:
        await migrate_service(schema_of(service), owner_url)
