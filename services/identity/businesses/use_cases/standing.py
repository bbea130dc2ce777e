"""On what an act on a business stands: the union, shared; the members it names and the business, locked."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import Business
from services.identity.businesses.domain.errors import BusinessNotFound, BusinessRightMissing
from services.identity.businesses.domain.roster import Roster
from services.identity.businesses.store.businesses import find_business, load_roster
from services.identity.domain.errors import NotAMember
from services.identity.domain.membership import Membership, MembershipState
from services.identity.domain.union import NetworkUnion
from services.identity.store import memberships, unions
from services.identity.use_cases.find_union import union_of

OWNERS = "an owner"
MANAGERS = "a manager"


@dataclass(frozen=True, slots=True)
class Scene:
    """Whatever changes in one business comes after the other. `members`: those named by the act, by id."""

    union: NetworkUnion
    roster: Roster
    member_id: UUID
    members: dict[UUID, Membership | None]

    @property
    def business(self) -> Business:
        return self.roster.business

    def is_active(self, member_id: UUID) -> bool:
        return is_active(self.members[member_id])

    def require_member(self) -> None:
        """Raises UnionDissolved, NotAMember."""
        self.union.require_active()
        require_active(self.members[self.member_id])

    def require_voice(self, act: str) -> None:
        """Raises BusinessRightMissing."""
        if not self.roster.voice(self.member_id):
            raise BusinessRightMissing(OWNERS, act)

    @property
    def path(self) -> str:
        return f"unions/{self.union.id}/businesses/{self.business.id}"

    def record(
        self, unit: UnitOfWork, right: str, changed: dict[str, object], on_behalf_of: UUID | None = None
    ) -> None:
        unit.record_act(
            right,
            self.path,
            changed,
            union_id=self.union.id,
            on_behalf_of=None if on_behalf_of is None else str(on_behalf_of),
            charter_version=self.union.charter_version,
        )


async def scene_of(
    unit: UnitOfWork,
    member_id: UUID,
    union: str,
    business_id: UUID,
    others: Collection[UUID] = (),
) -> Scene:
    """Who changes a membership holds it before the business, and so does this: nobody waits in a circle.

    Raises UnionNotFound, BusinessNotFound.
    """
    found = await union_of(unit, union, unions.share_union)
    members = await hold_members(unit, found.id, {member_id, *others})
    business = await find_business(unit, found.id, business_id, lock=True)
    if business is None:
        raise BusinessNotFound(str(business_id))
    return Scene(found, await load_roster(unit, business), member_id, members)


async def hold_members(
    unit: UnitOfWork, union_id: UUID, member_ids: Collection[UUID]
) -> dict[UUID, Membership | None]:
    return {
        one: await memberships.membership_of(unit, union_id, one, lock=True) for one in sorted(member_ids)
    }


def is_active(membership: Membership | None) -> bool:
    return membership is not None and membership.state is MembershipState.ACTIVE


def require_active(membership: Membership | None) -> None:
    """Raises NotAMember."""
    if not is_active(membership):
        raise NotAMember("none" if membership is None else membership.state.value)
