"""The escrow of an agreement: its account in the ledger, the same whoever derives it."""

from uuid import UUID

from chassis.ids import derived_id
from services.market.domain.agreements import resource

ESCROW_NAMESPACE = UUID("3c7de1f0-2b8a-5f46-9d15-70a4e6b83c29")


def escrow_account_id(union_id: UUID, agreement_id: UUID) -> UUID:
    return derived_id(ESCROW_NAMESPACE, str(union_id), resource(agreement_id))
