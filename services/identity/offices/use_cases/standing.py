"""On what an act on offices stands: the union, locked; its tree; and where in it the member acts."""

from dataclasses import dataclass
from uuid import UUID

from chassis.rights.grants import Ground
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import FounderOnly, NotAMember
from services.identity.domain.membership import MembershipState
from services.identity.domain.union import NetworkUnion
from services.identity.offices.domain.errors import OfficeNotFound
from services.identity.offices.domain.office import Holding, Office
from services.identity.offices.domain.tree import OfficeTree
from services.identity.offices.store.offices import load_tree
from services.identity.store import memberships, unions
from services.identity.use_cases.find_union import union_of

ABOVE = "the founder, or who holds an office above it,"


@dataclass(frozen=True, slots=True)
class Scene:
    """Offices of one union change one after the other: the union is locked."""

    union: NetworkUnion
    tree: OfficeTree
    member_id: UUID

    @property
    def is_founder(self) -> bool:
        return self.member_id == self.union.head_id

    def office(self, office_id: UUID) -> Office:
        """Raises OfficeNotFound."""
        found = self.tree.offices.get(office_id)
        if found is None or not self.tree.path(office_id):
            raise OfficeNotFound(office_id)
        return found

    def stand_above(self, parent_id: UUID | None, unit: UnitOfWork, act: str) -> Holding | None:
        """By which holding the member acts on what is below this office; None: as the founder.

        Raises FounderOnly.
        """
        if self.is_founder:
            return None
        place = self.tree.place_above(self.member_id, parent_id, unit.now)
        if place is None:
            raise FounderOnly(act, ABOVE)
        return place


async def scene_of(unit: UnitOfWork, member_id: UUID, union: str) -> Scene:
    """Raises UnionNotFound, UnionDissolved, NotAMember."""
    found = await union_of(unit, union, unions.lock_union)
    found.require_active()
    membership = await memberships.membership_of(unit, found.id, member_id)
    if membership is None or membership.state is not MembershipState.ACTIVE:
        raise NotAMember("none" if membership is None else membership.state.value)
    return Scene(found, await load_tree(unit, found.id, found.head_id), member_id)


def act_right(place: Holding | None) -> str:
    """For the act log: by which office, or as the founder."""
    return Ground(None if place is None else place.id).word
