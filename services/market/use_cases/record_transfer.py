"""Record the intent of a transfer into or out of an agreement's escrow (design, decision 6, step a)."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.market.domain.agreements import Agreement

FUND = "agreement.fund"
PAY = "agreement.pay"
REFUND = "agreement.refund"


def agreement_path(union_id: UUID, agreement_id: UUID) -> str:
    """Where the agreement's present state is read."""
    return f"/v1/unions/{union_id}/agreements/{agreement_id}"


async def record_transfer(
    unit: UnitOfWork, agreement: Agreement, kind: str, forwarded_act: Mapping[str, Any] | None = None
) -> None:
    """One intent per version of the agreement, so that a new try after a refusal is a new transfer.

    What pays or refunds closes the escrow: nothing enters it late.
    """
    payload = {
        "union_id": agreement.union_id,
        "agreement_id": agreement.agreement_id,
        "employer_id": agreement.employer_id,
        "worker_id": agreement.worker_id,
        "asset": agreement.asset,
        "minor": str(agreement.price_minor),
        "act": forwarded_act,
        "closing": kind != FUND,
    }
    await unit.record_intent(
        kind,
        f"{agreement.union_id}:{agreement.agreement_id}:{agreement.version}",
        payload,
        agreement_path(agreement.union_id, agreement.agreement_id),
    )
