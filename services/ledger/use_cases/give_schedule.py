"""Give a schedule: what is paid, to whom and when is fixed now and never changes."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from chassis.membership import Membership
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import Account, AccountKind, member_account_id, referred_account
from services.ledger.domain.errors import (
    PayeeNotFound,
    ScheduleAmountZero,
    ScheduleExistsDifferently,
    ScheduleTimeInvalid,
    TooManySchedules,
    WrongAsset,
    ZoneUnknown,
)
from services.ledger.domain.journal import time_after
from services.ledger.domain.schedules import Every, Schedule, ScheduleProgress, ScheduleStanding
from services.ledger.store.accounts import load_accounts
from services.ledger.store.postings import ActOfTransfer
from services.ledger.store.schedules import ScheduleLine, find_schedule, keep_schedule, not_stopped
from services.ledger.use_cases.announce_schedule import announce_schedule, wait_for_next
from services.ledger.use_cases.open_books import lock_books

PAYEE_KINDS = (AccountKind.MEMBER, AccountKind.TREASURY)


@dataclass(frozen=True, slots=True)
class ScheduleDraft:
    """What the member's act says; `payee` is a reference."""

    id: UUID
    payee: str
    asset: str
    amount_minor: int
    first_at: datetime
    every: Every
    zone: str
    times: int | None
    memo: str | None


@dataclass(frozen=True, slots=True)
class ScheduleLimits:
    """How many a member may have running, and how far ahead one may begin."""

    running_max: int
    days_ahead_max: int


async def give_schedule(
    unit: UnitOfWork, member: Membership, draft: ScheduleDraft, limits: ScheduleLimits, act: ActOfTransfer
) -> ScheduleLine:
    """The schedule, given now or before with the same terms.

    Raises WrongAsset, ScheduleAmountZero, ZoneUnknown, BadAccountReference, PayeeNotFound,
    ScheduleExistsDifferently, ScheduleTimeInvalid, TooManySchedules.
    """
    union, raw = member.union, await unit.raw()
    if draft.asset != union.token.symbol:
        raise WrongAsset(draft.asset, union.token.symbol)
    if draft.amount_minor == 0:
        raise ScheduleAmountZero
    _check_zone(draft.zone)
    given_at = time_after(await lock_books(unit, union), unit.now)
    own, payee = await _accounts(unit, member, draft.payee)
    schedule = Schedule(
        id=draft.id,
        debit_account=own.id,
        credit_account=payee.id,
        amount_minor=draft.amount_minor,
        first_at=draft.first_at,
        every=draft.every,
        zone=draft.zone,
        times=1 if draft.every is Every.ONCE else draft.times,
    )
    before = await find_schedule(raw, union.id, own.id, draft.id)
    if before is not None:
        if (before.schedule, before.memo) != (schedule, draft.memo):
            raise ScheduleExistsDifferently(draft.id)
        return before
    if not given_at <= draft.first_at <= given_at + timedelta(days=limits.days_ahead_max):
        raise ScheduleTimeInvalid(limits.days_ahead_max)
    running = [
        line
        for line in await not_stopped(raw, union.id, own.number)
        if line.progress.standing(line.schedule) is ScheduleStanding.ACTIVE
    ]
    if len(running) >= limits.running_max:
        raise TooManySchedules(limits.running_max)
    line = ScheduleLine(
        schedule,
        ScheduleProgress(),
        debit_number=own.number,
        payer_id=member.member_id,
        payee_id=payee.owner_id,
        asset=own.asset,
        memo=draft.memo,
        given_at=given_at,
    )
    await keep_schedule(raw, union.id, line, payee.number, act)
    await wait_for_next(unit, union.id, line)
    announce_schedule(unit, union, "give schedule", line)
    return line


def _check_zone(name: str) -> None:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ZoneUnknown(name) from None


async def _accounts(unit: UnitOfWork, member: Membership, payee: str) -> tuple[Account, Account]:
    union_id = member.union.id
    own_id, payee_id = member_account_id(union_id, member.member_id), referred_account(union_id, payee)
    found = await load_accounts(await unit.raw(), union_id, [own_id, payee_id])
    for account_id in (own_id, payee_id):
        if account_id not in found or found[account_id].kind not in PAYEE_KINDS:
            raise PayeeNotFound(account_id)
    if own_id == payee_id:
        raise PayeeNotFound(payee_id)
    return found[own_id], found[payee_id]
