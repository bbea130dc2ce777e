"""Who asks is an operator, and stays it until this is done."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.errors import OperatorOnly
from services.identity.operators.store.operators import hold_operator


async def require_operator(unit: UnitOfWork, member_id: UUID) -> None:
    """Raises OperatorOnly."""
    if not await hold_operator(unit, member_id):
        raise OperatorOnly
