"""Hold a pledge and its project until the end of the transaction."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.funding.domain.errors import PledgeNotFound
from services.funding.domain.pledges import Pledge
from services.funding.domain.projects import Project
from services.funding.store.pledges import lock_pledge


async def hold_pledge(unit: UnitOfWork, union_id: UUID, pledge_id: UUID) -> tuple[Pledge, Project]:
    """Raises PledgeNotFound."""
    locked = await lock_pledge(unit, union_id, pledge_id)
    if locked is None:
        raise PledgeNotFound(pledge_id)
    return locked
