"""The union that somebody means, for who admits there."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from chassis.rights.grants import Ground, Right
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import InvitationListNotFound
from services.identity.admission.domain.invitation_list import InvitationList
from services.identity.admission.store import lists
from services.identity.domain.errors import FounderOnly
from services.identity.domain.union import NetworkUnion
from services.identity.offices.use_cases.may import ground_of, officer_with
from services.identity.store import unions
from services.identity.use_cases.find_union import Find, union_of


@dataclass(frozen=True, slots=True)
class Admitter:
    """Somebody who admits in a union, and why they may."""

    union: NetworkUnion
    ground: Ground

    def record(self, unit: UnitOfWork, right: str, below: str, changed: Mapping[str, object]) -> None:
        """A line for the act log, of what is below the union."""
        unit.record_act(
            right,
            f"unions/{self.union.id}/{below}",
            {**changed, "by": self.ground.word},
            union_id=self.union.id,
            charter_version=self.union.charter_version,
        )


async def admitter_of(
    unit: UnitOfWork, union: str, member_id: UUID, act: str, find: Find = unions.union_named
) -> Admitter:
    """Raises UnionNotFound, FounderOnly."""
    found = await union_of(unit, union, find)
    ground = await ground_of(unit, member_id, Right.ADMIT, found)
    if ground is None:
        raise FounderOnly(act, officer_with(Right.ADMIT))
    return Admitter(found, ground)


async def list_of_admitter(
    unit: UnitOfWork, union: str, member_id: UUID, list_id: UUID, *, lock: bool = False
) -> tuple[Admitter, InvitationList]:
    """Raises UnionNotFound, FounderOnly, InvitationListNotFound."""
    admitter = await admitter_of(unit, union, member_id, "look at lists of people")
    listed = await lists.find_list(unit, admitter.union.id, list_id, lock=lock)
    if listed is None:
        raise InvitationListNotFound(list_id)
    return admitter, listed
