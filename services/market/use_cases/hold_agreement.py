"""Hold an agreement and its offer until the end of the transaction."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain.agreements import Agreement
from services.market.domain.errors import AgreementNotFound
from services.market.domain.offers import Offer
from services.market.store.agreements import lock_agreement


async def hold_agreement(unit: UnitOfWork, union_id: UUID, agreement_id: UUID) -> tuple[Agreement, Offer]:
    """Raises AgreementNotFound."""
    locked = await lock_agreement(unit, union_id, agreement_id)
    if locked is None:
        raise AgreementNotFound(agreement_id)
    return locked


async def hold_agreement_of_party(
    unit: UnitOfWork, union_id: UUID, agreement_id: UUID, member_id: UUID
) -> tuple[Agreement, Offer]:
    """To others an agreement does not exist: raises AgreementNotFound."""
    agreement, offer = await hold_agreement(unit, union_id, agreement_id)
    if member_id not in {agreement.employer_id, agreement.worker_id}:
        raise AgreementNotFound(agreement_id)
    return agreement, offer
