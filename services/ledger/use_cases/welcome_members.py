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
    granted = await ask_for_grants(raw, union.id, invited, unit.now) if invited else set()
    today = unit.now.astimezone(UTC).date()
    taken = await taken_from(raw, union.id, today)
    slots: dict[date, GrantSlot] = {}
    days: dict[UUID, tuple[date, int]] = {}
    number = await taken_ever(raw, union.id)
    for member_id in invited:
        if member_id not in granted:
            continue
        slot = find_slot(unit.now, grants_per_day, taken)
        assert slot is not None
        taken[slot.day] = taken.get(slot.day, 0) + 1
        slots[slot.day] = slot
        number += 1
        days[member_id] = (slot.day, number)
    if not days:
        return
    await assign_days(raw, union.id, days)
    await take_budgets(raw, union.id, {day: taken[day] for day in slots})
    for slot in slots.values():
        if slot.day == today:
            await pay_joining_grants(unit, union, today, grants_at_once_max)
        else:
            await wait_for_day(unit, union.id, slot.day, slot.due)
