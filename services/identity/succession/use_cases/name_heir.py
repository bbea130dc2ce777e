"""Name who is to hold the founder's office next, agree to it, and take that back."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import FounderOnly
from services.identity.domain.union import NetworkUnion
from services.identity.settings import IdentitySettings
from services.identity.store import members
from services.identity.succession.domain.errors import HeirRefused
from services.identity.succession.domain.heir import Heir, agree
from services.identity.succession.store import heirs
from services.identity.succession.use_cases.union_of_heir import (
    heads_union,
    is_active,
    living_union,
    record,
    required_heir,
    tell,
)

MEET_CLAIM = "meet_claim"


async def name_heir(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, named: str
) -> NetworkUnion:
    """In the place of whoever was named before, whose claim ends; the same one again changes nothing.

    Raises UnionNotFound, UnionDissolved, FounderOnly, HeirRefused.
    """
    found = await heads_union(unit, union, member_id, "name an heir")
    profile = await members.profile_named(unit, named)
    if profile is None or not await is_active(unit, found, profile.member_id):
        raise HeirRefused("only an active member of the union can be its heir")
    if profile.member_id == member_id:
        raise HeirRefused("you hold the office yourself")
    before = await heirs.heir_of(unit, found.id)
    if before is not None and before.member_id == profile.member_id:
        return found
    if before is not None:
        await _end(unit, settings, found, before, member_id)
    await heirs.save_heir(unit, Heir(found.id, profile.member_id, member_id, unit.now))
    await tell(unit, settings, found, profile.member_id, "succession.named", member_id)
    record(unit, found, "founder", {"heir_id": profile.member_id})
    return found


async def agree_to_succeed(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str
) -> NetworkUnion:
    """The heir's word; a repeat changes nothing.

    Raises UnionNotFound, UnionDissolved, HeirNotNamed, NotTheHeir.
    """
    found = await living_union(unit, union)
    heir = await required_heir(unit, found)
    after = agree(heir, member_id, unit.now)
    if after is not heir:
        await heirs.save_heir(unit, after)
        await tell(unit, settings, found, found.head_id, "succession.agreed", member_id)
        record(unit, found, "heir", {"heir_id": member_id, "agreed": True})
    return found


async def remove_heir(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str
) -> NetworkUnion:
    """By who holds the office, or by the heir; an open claim ends with it.

    Raises UnionNotFound, UnionDissolved, HeirNotNamed, FounderOnly.
    """
    found = await living_union(unit, union)
    heir = await required_heir(unit, found)
    if member_id not in (found.head_id, heir.member_id):
        raise FounderOnly("end that somebody is the heir", "the founder, or the heir,")
    await heirs.remove_heir(unit, found.id)
    await _end(unit, settings, found, heir, member_id)
    record(unit, found, "founder" if member_id == found.head_id else "heir", {"heir_id": None})
    return found


async def _end(
    unit: UnitOfWork, settings: IdentitySettings, union: NetworkUnion, heir: Heir, by: UUID
) -> None:
    await unit.cancel_timer(MEET_CLAIM, str(union.id))
    whom = heir.member_id if by == union.head_id else union.head_id
    await tell(unit, settings, union, whom, "succession.ended", by)
