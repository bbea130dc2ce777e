"""Claim the founder's office as its heir; object to that, or give it up; and what the clock makes of it."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import FounderOnly, NotAMember
from services.identity.domain.union import NetworkUnion
from services.identity.settings import IdentitySettings
from services.identity.store import unions
from services.identity.succession.domain.heir import Way, claim, close_claim
from services.identity.succession.store import heirs
from services.identity.succession.use_cases.name_heir import MEET_CLAIM
from services.identity.succession.use_cases.pass_office import pass_office
from services.identity.succession.use_cases.union_of_heir import (
    is_active,
    living_union,
    record,
    required_heir,
    tell,
)


async def claim_office(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str
) -> NetworkUnion:
    """It passes after the time to object; a repeat changes nothing.

    Raises UnionNotFound, UnionDissolved, HeirNotNamed, NotTheHeir, HeirNotWilling, ClaimRests, NotAMember.
    """
    found = await living_union(unit, union)
    heir = await required_heir(unit, found)
    after = claim(heir, member_id, unit.now, timedelta(seconds=settings.succession_objection_seconds))
    if not await is_active(unit, found, member_id):
        raise NotAMember
    if after is not heir:
        assert after.due_at is not None
        await heirs.save_heir(unit, after)
        await unit.set_timer(MEET_CLAIM, str(found.id), after.due_at)
        await tell(unit, settings, found, found.head_id, "succession.claimed", member_id)
        record(unit, found, "heir", {"heir_id": member_id, "due_at": after.due_at})
    return found


async def end_claim(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str
) -> NetworkUnion:
    """An objection of who holds the office, or the heir gives it up; the next claim waits.

    Raises UnionNotFound, UnionDissolved, HeirNotNamed, FounderOnly, ClaimNotOpen.
    """
    found = await living_union(unit, union)
    heir = await required_heir(unit, found)
    if member_id not in (found.head_id, heir.member_id):
        raise FounderOnly("object to a claim", "the founder, or the heir,")
    after = close_claim(heir, unit.now, timedelta(seconds=settings.succession_claim_rest_seconds))
    await heirs.save_heir(unit, after)
    await unit.cancel_timer(MEET_CLAIM, str(found.id))
    by_head = member_id == found.head_id
    whom = heir.member_id if by_head else found.head_id
    await tell(unit, settings, found, whom, "succession.objected", member_id)
    record(unit, found, "founder" if by_head else "heir", {"heir_id": heir.member_id, "due_at": None})
    return found


async def meet_claim(unit: UnitOfWork, settings: IdentitySettings, key: str) -> None:
    """Nobody objected: the office passes, if the heir is an active member still."""
    found = await unions.lock_union(unit, key)
    heir = None if found is None else await heirs.heir_of(unit, found.id)
    if found is None or heir is None or heir.due_at is None or heir.due_at > unit.now:
        return
    if await is_active(unit, found, heir.member_id):
        await pass_office(unit, settings, found, heir, Way.CLAIMED, heir.member_id)
    else:
        await heirs.remove_heir(unit, found.id)
