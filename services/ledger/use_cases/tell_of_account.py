"""Have a member told of what happened to their account."""

from uuid import UUID

from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.ledger import LedgerNotice


def tell_of_account(
    unit: UnitOfWork,
    union_id: UUID,
    told: tuple[UUID, UUID],
    kind: str,
    actor_id: UUID | None = None,
    count: int = 1,
) -> None:
    """`told`: the member and their account; `actor_id`: whose doing it was, `count` times."""
    member_id, account_id = told
    notice = LedgerNotice(
        notice_id=unit.ids.new(),
        requested_at=unit.now,
        union_id=union_id,
        member_id=member_id,
        kind=kind,
        subject="accounts",
        subject_id=account_id,
        actor_id=actor_id,
        happened_count=count,
    )
    tell(unit, notice)
