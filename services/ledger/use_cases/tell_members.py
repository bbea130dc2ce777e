"""Have members told of what others did with their accounts: with the entry, or later where they are many."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from uuid import UUID

from chassis.timers import Timer
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.journal import Entry
from services.ledger.domain.rights import Code
from services.ledger.domain.transfers import Posting
from services.ledger.store.told import FIRST_TOLD, Told, told_between
from services.ledger.use_cases.tell_of_account import tell_of_account

Moved = Counter[tuple[str, int, int]]
"""By the code's word and the numbers of the debit and the credit account."""

TELL_MEMBERS = "tell_payees"
TOLD_AT_ONCE_MAX = 500
"""A transaction publishes on few keys, and each member is one."""

_BEGINNING = (FIRST_TOLD[0], FIRST_TOLD[1], str(FIRST_TOLD[2]))
_PAYER, _PAYEE = True, False
_KINDS = (
    (Code.PAY, "payment.received", _PAYEE),
    (Code.SCHEDULED_PAY, "payment.received", _PAYEE),
    (Code.HOLD, "hold.received", _PAYEE),
    (Code.HOLD_POST, "hold.taken", _PAYER),
    (Code.HOLD_VOID, "hold.released", _PAYER),
    (Code.MANDATE_PAY, "mandate.used", _PAYER),
)
"""What agreements and projects pay, their services tell."""
_KIND_OF = {code.word: (kind, is_payer) for code, kind, is_payer in _KINDS}


async def tell_members(
    unit: UnitOfWork, entry: Entry, moved: Moved, accounts: Mapping[UUID, Account]
) -> None:
    """`moved`: how often the entry has a transfer of this kind."""
    told = _told(moved, accounts)
    if len(told) <= TOLD_AT_ONCE_MAX:
        _tell(unit, entry.union_id, told.items())
    else:
        first = entry.last_sequence - entry.count + 1
        await _go_on(unit, entry.union_id, first, entry.last_sequence, FIRST_TOLD)


def moved_of(postings: Iterable[Posting]) -> Moved:
    return Counter((row.request.code, row.debit_number, row.credit_number) for row in postings)


def _told(moved: Moved, accounts: Mapping[UUID, Account]) -> Counter[Told]:
    """Whom of what, and how often, in the order in which it first happened."""
    by_number = {account.number: account for account in accounts.values()}
    told: Counter[Told] = Counter()
    for (code, debit_number, credit_number), count in moved.items():
        kind, is_payer = _KIND_OF.get(code, (None, _PAYEE))
        if kind is None:
            continue
        own, other = by_number[credit_number], by_number[debit_number]
        if is_payer:
            own, other = other, own
        if own.kind is AccountKind.MEMBER is other.kind and own.owner_id and other.owner_id:
            told[Told(own.number, kind, own.id, own.owner_id, other.owner_id)] += count
    return told


async def tell_next_members(unit: UnitOfWork, timer: Timer) -> None:
    """Some of an entry's members; the timer is set anew for the others."""
    union_id, first, last = UUID(timer.payload["union_id"]), timer.payload["first"], timer.payload["last"]
    # A timer of the release before says otherwise where it stands: it begins anew, and notices of one kind
    # become one while nobody has read them.
    number, kind, actor_id = timer.payload.get("after", _BEGINNING)
    after = (number, kind, UUID(actor_id))
    told = await told_between(await unit.raw(), union_id, first, last, after, _KINDS, TOLD_AT_ONCE_MAX)
    _tell(unit, union_id, told)
    if len(told) == TOLD_AT_ONCE_MAX:
        await _go_on(unit, union_id, first, last, told[-1][0].place)


async def _go_on(
    unit: UnitOfWork, union_id: UUID, first: int, last: int, after: tuple[int, str, UUID]
) -> None:
    payload = {"union_id": union_id, "first": first, "last": last, "after": after}
    await unit.set_timer(TELL_MEMBERS, f"{union_id}:{last}", unit.now, payload)


def _tell(unit: UnitOfWork, union_id: UUID, told: Iterable[tuple[Told, int]]) -> None:
    for one, count in told:
        told_account = (one.member_id, one.account_id)
        tell_of_account(unit, union_id, told_account, one.kind, one.actor_id, count)
