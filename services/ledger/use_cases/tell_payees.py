"""Have members told of what others paid them: with the entry, or after it where they are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from chassis.notify import tell
from chassis.timers import Timer
from chassis.unit_of_work import UnitOfWork
from events.ledger import LedgerNotice
from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.journal import Entry
from services.ledger.domain.posting import Posted
from services.ledger.store.payees import FIRST_PAID, Paid, paid_between

TELL_PAYEES = "tell_payees"
TOLD_AT_ONCE_MAX = 500
"""A transaction publishes on few keys, and each member is one."""


async def tell_payees(
    unit: UnitOfWork, entry: Entry, posted: Posted, accounts: Mapping[UUID, Account]
) -> None:
    """What agreements and projects pay, their services tell."""
    paid: Counter[Paid] = Counter()
    for row in posted.postings:
        payer, payee = accounts[row.request.debit_account], accounts[row.request.credit_account]
        if payer.kind is AccountKind.MEMBER is payee.kind and payee.owner_id and payer.owner_id:
            paid[Paid(payee.number, payee.id, payee.owner_id, payer.owner_id)] += 1
    if len(paid) <= TOLD_AT_ONCE_MAX:
        _tell(unit, entry.union_id, paid.items())
    else:
        first = entry.last_sequence - entry.count + 1
        await _go_on(unit, entry.union_id, first, entry.last_sequence, FIRST_PAID)


async def tell_next_payees(unit: UnitOfWork, timer: Timer) -> None:
    """Some of an entry's payees; the timer is set anew for the others."""
    union_id, first, last = UUID(timer.payload["union_id"]), timer.payload["first"], timer.payload["last"]
    after = (timer.payload["after_payee"], UUID(timer.payload["after_payer"]))
    paid = await paid_between(await unit.raw(), union_id, first, last, after, TOLD_AT_ONCE_MAX)
    _tell(unit, union_id, paid)
    if len(paid) == TOLD_AT_ONCE_MAX:
        newest = paid[-1][0]
        await _go_on(unit, union_id, first, last, (newest.payee_number, newest.payer_id))


async def _go_on(unit: UnitOfWork, union_id: UUID, first: int, last: int, after: tuple[int, UUID]) -> None:
    payload = {
        "union_id": union_id,
        "first": first,
        "last": last,
        "after_payee": after[0],
        "after_payer": after[1],
    }
    await unit.set_timer(TELL_PAYEES, f"{union_id}:{last}", unit.now, payload)


def _tell(unit: UnitOfWork, union_id: UUID, paid: Iterable[tuple[Paid, int]]) -> None:
    for one, count in paid:
        tell(
            unit,
            LedgerNotice(
                notice_id=unit.ids.new(),
                requested_at=unit.now,
                union_id=union_id,
                member_id=one.payee_id,
                kind="payment.received",
                subject="accounts",
                subject_id=one.account_id,
                actor_id=one.payer_id,
                happened_count=count,
            ),
        )
