"""Tell the other party of an agreement what it has come to."""

from uuid import UUID

from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.market import MarketNotice
from services.market.domain.agreements import Agreement, AgreementState


def tell_of_state(unit: UnitOfWork, agreement: Agreement) -> None:
    """The worker learns that it may begin and that it was paid, the employer of delivery and refund."""
    employer, worker = agreement.employer_id, agreement.worker_id
    match agreement.state:
        case AgreementState.FUNDED:
            _tell(unit, agreement, worker, "bid.accepted", employer)
        case AgreementState.DELIVERED:
            _tell(unit, agreement, employer, "work.delivered", worker)
        case AgreementState.PAID:
            _tell(unit, agreement, worker, "work.paid", employer)
        case AgreementState.REFUNDED:
            _tell(unit, agreement, employer, "work.refunded", worker)
        case _:
            pass


def tell_of_proposal(unit: UnitOfWork, agreement: Agreement) -> None:
    """The employer proposes to cancel; the worker may confirm."""
    _tell(unit, agreement, agreement.worker_id, "cancellation.proposed", agreement.employer_id)


def _tell(unit: UnitOfWork, agreement: Agreement, member_id: UUID, kind: str, actor_id: UUID) -> None:
    tell(
        unit,
        MarketNotice(
            notice_id=unit.ids.new(),
            requested_at=unit.now,
            union_id=agreement.union_id,
            member_id=member_id,
            kind=kind,
            subject="agreements",
            subject_id=agreement.agreement_id,
            actor_id=actor_id,
        ),
    )
