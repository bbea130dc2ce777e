"""Welcome members: an account each, and the joining grant within the union's budget of the day."""

from collections.abc import Sequence
from datetime import UTC, date
from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from events.identity import MembershipState
from services.ledger.domain.accounts import AccountKind, member_account_id
from services.ledger.domain.genesis import charter_number
from services.ledger.domain.grants import GrantSlot, find_slot
from services.ledger.store.accounts import NewAccount, open_accounts
from services.ledger.store.grants import ask_for_grants, assign_days, take_budgets, taken_ever, taken_from
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.pay_joining_grants import pay_joining_grants, wait_for_day

ACTIVE = "active"


async def welcome_members(
    unit: UnitOfWork, union: UnionView, joined: Sequence[MembershipState], grants_at_once_max: int
) -> None:
    """Open the accounts of active members and pay the grants that today's budget holds; others wait.

    The founder has a share of the genesis and gets no grant. Repeats and other states change nothing.
    """
    active = [event for event in joined if event.state == ACTIVE]
    if not active:
        return
    await lock_books(unit, union)
    raw = await unit.raw()
    await open_accounts(
        raw,
        union.id,
        union.token.symbol,
        [
            NewAccount(member_account_id(union.id, event.member_id), AccountKind.MEMBER, event.member_id)
            for event in active
        ],
        unit.now,
    )
    grants_per_day = charter_number(union.parameters, "joining_grants_per_day")
    if not grants_per_day or not charter_number(union.parameters, "joining_grant_minor"):
        return
    invited = {
        event.member_id: event.by_founder_invitation
        for event in active
        if event.member_id != union.founder_id
    }
    granted = await ask_for_grants(raw, union.id, invited, unit.now) if invited else {}
    today = unit.now.astimezone(UTC).date()
    waits_today = any(day is not None and day <= today for day in granted.values())
    new = [member_id for member_id in invited if member_id in granted and granted[member_id] is None]
    slots = await _find_slots(unit, union, new, grants_per_day) if new else {}
    for day, slot in slots.items():
        if day != today:
            await wait_for_day(unit, union.id, day, slot.due)
    if waits_today or today in slots:
        await pay_joining_grants(unit, union, today, grants_at_once_max)


async def _find_slots(
    unit: UnitOfWork, union: UnionView, members: Sequence[UUID], grants_per_day: int
) -> dict[date, GrantSlot]:
    """A day with room for each, in order, taken from its budget. Returns the days that were taken."""
    raw = await unit.raw()
    taken = await taken_from(raw, union.id, unit.now.astimezone(UTC).date())
    slots: dict[date, GrantSlot] = {}
    days: dict[UUID, tuple[date, int]] = {}
    first = await taken_ever(raw, union.id) + 1
    for number, member_id in enumerate(members, first):
        slot = find_slot(unit.now, grants_per_day, taken)
        assert slot is not None
        taken[slot.day] = taken.get(slot.day, 0) + 1
        slots[slot.day] = slot
        days[member_id] = (slot.day, number)
    await assign_days(raw, union.id, days)
    await take_budgets(raw, union.id, {day: taken[day] for day in slots})
    return slots
