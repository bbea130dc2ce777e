"""Read businesses: who owns them, who works in them, what their owners resolve, what services are told."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.money import Asset
from chassis.rights.grants import BusinessRight
from chassis.unit_of_work import UnitOfWork
from events.identity import BusinessGrantState, BusinessState
from services.identity.businesses.domain.errors import (
    BusinessNotFound,
    BusinessRightMissing,
    ResolutionNotFound,
)
from services.identity.businesses.domain.resolution import tally
from services.identity.businesses.domain.roster import Roster
from services.identity.businesses.domain.shares import ShareChange
from services.identity.businesses.store import posts, resolutions, shares
from services.identity.businesses.store.businesses import (
    ListedBusiness,
    find_business,
    list_businesses,
    load_roster,
)
from services.identity.businesses.store.grants import told_grants
from services.identity.businesses.use_cases.pass_resolution import Counted
from services.identity.businesses.use_cases.tell_grants import business_event, grants_event
from services.identity.domain.union import NetworkUnion
from services.identity.domain.visibility import may_see_members
from services.identity.store import memberships
from services.identity.store.told_grants import Told
from services.identity.use_cases.find_union import union_of
from services.identity.use_cases.read_union import read_charter

INSIDERS = "an owner, a manager, or who may audit it,"


@dataclass(frozen=True, slots=True)
class Seen:
    """A business as a reader sees it: in which token its limits are, and whether they see names."""

    union: NetworkUnion
    token: Asset
    roster: Roster
    reader_id: UUID | None
    names_shown: bool

    def shows(self, member_id: UUID) -> bool:
        return self.names_shown or member_id == self.reader_id

    def is_inside(self, unit: UnitOfWork) -> bool:
        """Who is out of the union and has shares still, too: they may want to know what they have."""
        if self.reader_id is None:
            return False
        return self.reader_id in self.roster.shares or self.roster.may(
            self.reader_id, BusinessRight.AUDIT, unit.now
        )


async def read_business(unit: UnitOfWork, union: str, business_id: UUID, reader_id: UUID | None) -> Seen:
    """Raises UnionNotFound, BusinessNotFound."""
    found, adopted = await read_charter(unit, union, None)
    business = await find_business(unit, found.id, business_id)
    if business is None:
        raise BusinessNotFound(str(business_id))
    reader = None if reader_id is None else await memberships.membership_of(unit, found.id, reader_id)
    return Seen(
        found,
        adopted.token,
        await load_roster(unit, business),
        reader_id,
        may_see_members(adopted.charter.parameters.visibility_members, found.head_id, reader),
    )


async def read_businesses(
    unit: UnitOfWork, union: str, reader_id: UUID | None, after_id: UUID | None, limit: int, *, own_only: bool
) -> Sequence[ListedBusiness]:
    """One more than `limit` where more follow. Raises UnionNotFound."""
    found = await union_of(unit, union)
    return await list_businesses(unit, found.id, reader_id, after_id, limit + 1, own_only=own_only)


async def read_owners(unit: UnitOfWork, seen: Seen, place: int, limit: int) -> Sequence[shares.Owner]:
    """From this place on: one more than `limit` where more follow."""
    business = seen.roster.business
    return await shares.owners_page(unit, business.union_id, business.id, seen.reader_id, place, limit + 1)


async def read_posts(
    unit: UnitOfWork, seen: Seen, before_id: UUID | None, limit: int, *, open_only: bool
) -> Sequence[posts.RegisteredPost]:
    business = seen.roster.business
    return await posts.posts_page(
        unit, business.union_id, business.id, seen.reader_id, before_id, limit + 1, open_only=open_only
    )


async def read_share_changes(
    unit: UnitOfWork, seen: Seen, before_id: UUID | None, limit: int
) -> Sequence[ShareChange]:
    """Raises BusinessRightMissing."""
    _require_inside(unit, seen, "read where its shares went")
    business = seen.roster.business
    return await shares.changes_page(unit, business.union_id, business.id, before_id, limit + 1)


async def read_resolutions(
    unit: UnitOfWork, seen: Seen, before_id: UUID | None, limit: int, *, open_only: bool
) -> Sequence[Counted]:
    """Raises BusinessRightMissing."""
    _require_inside(unit, seen, "read what its owners resolve")
    business = seen.roster.business
    found = await resolutions.resolutions_page(
        unit, business.union_id, business.id, before_id, limit + 1, open_only=open_only
    )
    approvals = await resolutions.approvals_of(
        unit, business.union_id, business.id, [one.id for one in found]
    )
    return [
        Counted(
            one,
            tally(seen.roster, approvals[one.id]) if one.passed_shares is None else one.passed_shares,
            seen.reader_id in approvals[one.id],
        )
        for one in found
    ]


async def read_resolution(unit: UnitOfWork, seen: Seen, resolution_id: UUID) -> Counted:
    """Raises BusinessRightMissing, ResolutionNotFound."""
    _require_inside(unit, seen, "read what its owners resolve")
    business = seen.roster.business
    found = await resolutions.find_resolution(unit, business.union_id, business.id, resolution_id)
    if found is None:
        raise ResolutionNotFound(str(resolution_id))
    approvals = await resolutions.approvals_of(unit, business.union_id, business.id, [found.id])
    counted = tally(seen.roster, approvals[found.id]) if found.passed_shares is None else found.passed_shares
    return Counted(found, counted, seen.reader_id in approvals[found.id])


def _require_inside(unit: UnitOfWork, seen: Seen, act: str) -> None:
    if not seen.is_inside(unit):
        raise BusinessRightMissing(INSIDERS, act)


async def read_state(unit: UnitOfWork, union: str, business_id: UUID) -> BusinessState:
    """Raises UnionNotFound, BusinessNotFound."""
    found = await union_of(unit, union)
    business = await find_business(unit, found.id, business_id)
    if business is None:
        raise BusinessNotFound(str(business_id))
    return business_event(business)


async def read_grants(unit: UnitOfWork, union: str, business_id: UUID, member_id: UUID) -> BusinessGrantState:
    """Derived now, under the version that was told last. Raises UnionNotFound, BusinessNotFound."""
    found = await union_of(unit, union)
    business = await find_business(unit, found.id, business_id)
    if business is None:
        raise BusinessNotFound(str(business_id))
    told = (await told_grants(unit, found.id, business_id, [member_id])).get(member_id, Told())
    roster = await load_roster(unit, business)
    return grants_event(business, member_id, max(1, told.version), roster.grants_of(member_id, unit.now))
