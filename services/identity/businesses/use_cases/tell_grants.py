"""Tell services who may what in a business after a change, and the log whose rights have shrunk."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.rights.grants import Grant
from chassis.rights.projection import grants_told
from chassis.unit_of_work import UnitOfWork
from events.identity import BusinessGrantState, BusinessState
from services.identity.businesses.domain.business import Business
from services.identity.businesses.store.businesses import load_roster
from services.identity.businesses.store.grants import keep_told, told_grants
from services.identity.store.revocations import record_ended_rights
from services.identity.store.told_grants import Told


@dataclass(frozen=True, slots=True)
class Shrunk:
    """Rights of a member in a business before this version are good no more."""

    business_id: UUID
    member_id: UUID
    version: int


async def tell_grants(unit: UnitOfWork, business: Business) -> None:
    """Whoever's rights differ from what was told last gets a new version.

    Call it last: what has shrunk is in the log of revocations, whose head stays locked until the commit.
    """
    await record_shrunk(unit, await tell_differing(unit, business))


async def tell_differing(unit: UnitOfWork, business: Business) -> list[Shrunk]:
    """What is left to be recorded, when nothing else is to be locked any more."""
    roster = await load_roster(unit, business)
    placed = sorted({*roster.shares, *(post.member_id for post in roster.posts.values())})
    told = await told_grants(unit, business.union_id, business.id, placed)
    shrunk: list[Shrunk] = []
    for member_id in sorted({*told, *placed}):
        grants = roster.grants_of(member_id, unit.now)
        before = told.get(member_id, Told())
        if grants == before.grants:
            continue
        event = grants_event(business, member_id, before.version + 1, grants)
        await keep_told(unit, event)
        unit.publish(event)
        if before.has_shrunk(grants, unit.now):
            shrunk.append(Shrunk(business.id, member_id, event.version))
    return shrunk


async def record_shrunk(unit: UnitOfWork, shrunk: Sequence[Shrunk]) -> None:
    """Under the business' id, which is no union's."""
    for one in shrunk:
        await record_ended_rights(unit, one.business_id, one.member_id, one.version)


def grants_event(
    business: Business, member_id: UUID, version: int, grants: Sequence[Grant]
) -> BusinessGrantState:
    return BusinessGrantState(
        union_id=business.union_id,
        business_id=business.id,
        member_id=member_id,
        version=version,
        grants=grants_told(grants),
    )


def business_event(business: Business) -> BusinessState:
    return BusinessState(
        union_id=business.union_id,
        business_id=business.id,
        version=business.version,
        state=business.state.value,
        founded_at=business.founded_at,
    )
