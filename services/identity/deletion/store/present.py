"""Whether a member is still one: held, so that nobody erases them meanwhile."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.domain.errors import AccountErasing


async def hold_present(unit: UnitOfWork, member_id: UUID) -> None:
    """Until the commit. Raises AccountErasing."""
    raw = await unit.raw()
    query = "SELECT erasing_since FROM members WHERE id = $1 FOR KEY SHARE"
    if await raw.fetchval(query, member_id) is not None:
        raise AccountErasing
