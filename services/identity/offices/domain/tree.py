"""A union's offices and who holds them: which right holds at a moment is derived here, and stored nowhere.

A right holds only while the whole chain up to the founder lives: every office above still has it, every
holding by which somebody appointed is neither over nor ended, and each of these members has been in the union
ever since.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from chassis.rights.grants import FOUNDERS_GROUND, Charge, Grant, Ground, Right, living_grounds
from services.identity.offices.domain.office import Holding, Office, Rights, meet

CHAIN_MAX = 32
"""No tree is deeper: a longer chain is none."""


@dataclass(frozen=True, slots=True)
class OfficeTree:
    """What has not been ended. `joined_at`: of those of its holders who are active members, when they last
    joined."""

    head_id: UUID
    head_is_active: bool
    offices: Mapping[UUID, Office]
    holdings: Mapping[UUID, Holding]
    joined_at: Mapping[UUID, datetime]
    holdings_of_members: dict[UUID, list[Holding]] = field(
        init=False, default_factory=dict[UUID, list[Holding]]
    )

    def __post_init__(self) -> None:
        for holding in self.holdings.values():
            self.holdings_of_members.setdefault(holding.member_id, []).append(holding)

    def path(self, office_id: UUID | None) -> list[Office]:
        """The office and those above it, nearest first; empty where the chain does not reach the founder."""
        path: list[Office] = []
        while office_id is not None:
            office = self.offices.get(office_id)
            if office is None or len(path) >= CHAIN_MAX:
                return []
            path.append(office)
            office_id = office.parent_id
        return path

    def rights_of(self, office_id: UUID) -> Rights:
        """What the office really has: of its own rights those that every office above it has."""
        path = self.path(office_id)
        if not path:
            return {}
        rights: Rights = path[0].rights
        for above in path[1:]:
            rights = meet(rights, above.rights)
        return rights

    def chain(self, holding: Holding, now: datetime) -> list[Holding]:
        """The holding and those by which it was given, up to the founder's own appointment; empty where one
        of them does not live."""
        chain: list[Holding] = []
        present: Holding | None = holding
        while present is not None:
            if len(chain) >= CHAIN_MAX or not self._is_held(present, now):
                return []
            if chain and not self.is_above(present.office_id, chain[-1].office_id):
                return []
            chain.append(present)
            if present.under_id is None:
                return chain if self.head_is_active else []
            present = self.holdings.get(present.under_id)
        return []

    def _is_held(self, holding: Holding, now: datetime) -> bool:
        joined_at = self.joined_at.get(holding.member_id)
        return (
            joined_at is not None
            and joined_at <= holding.begins_at <= now < holding.until
            and bool(self.path(holding.office_id))
        )

    def is_above(self, above_id: UUID, office_id: UUID) -> bool:
        """Whether one office is above another, at whatever distance."""
        return any(office.id == above_id for office in self.path(office_id)[1:])

    def living_holdings(self, member_id: UUID, now: datetime) -> Iterator[tuple[Holding, list[Holding]]]:
        """Each with its chain."""
        for holding in self.holdings_of_members.get(member_id, ()):
            chain = self.chain(holding, now)
            if chain:
                yield holding, chain

    def grants_of(self, member_id: UUID, now: datetime) -> tuple[Grant, ...]:
        """What the member holds by offices, in a fixed order."""
        found: list[Grant] = []
        for holding, chain in self.living_holdings(member_id, now):
            until = min(one.until for one in chain)
            for right, limit_minor in self.rights_of(holding.office_id).items():
                charges = () if limit_minor is None else self._charges(right, chain)
                found.append(Grant(right.value, holding.id, until, charges))
        return tuple(sorted(found, key=lambda grant: (grant.right, grant.holding_id)))

    def _charges(self, right: Right, chain: list[Holding]) -> tuple[Charge, ...]:
        limits = ((one.id, self.rights_of(one.office_id).get(right)) for one in chain)
        return tuple(Charge(holding_id, limit) for holding_id, limit in limits if limit is not None)

    def ground(self, member_id: UUID, right: Right, now: datetime) -> Ground | None:
        """Why the member may, or None."""
        if member_id == self.head_id:
            return FOUNDERS_GROUND if self.head_is_active else None
        return next(iter(living_grounds(self.grants_of(member_id, now), right, now)), None)

    def place_above(self, member_id: UUID, office_id: UUID | None, now: datetime) -> Holding | None:
        """By which living holding the member stands at this office's parent or above it; the longest one."""
        path = {office.id for office in self.path(office_id)}
        places = [
            (min(one.until for one in chain), holding)
            for holding, chain in self.living_holdings(member_id, now)
            if holding.office_id in path
        ]
        return max(places, key=lambda place: (place[0], place[1].id))[1] if places else None

    def below(self, office_id: UUID) -> set[UUID]:
        """The office and every one below it."""
        return {one for one in self.offices if any(office.id == office_id for office in self.path(one))}

    def resting_on(self, ended: set[UUID]) -> set[UUID]:
        """The holdings that were given by these, at whatever distance; not these themselves."""
        found: set[UUID] = set()
        while True:
            more = {
                one.id
                for one in self.holdings.values()
                if one.under_id in ended | found and one.id not in found
            } - ended
            if not more:
                return found
            found |= more

    def depth(self, parent_id: UUID | None) -> int:
        """How deep an office below this one would be; 1 directly below the founder."""
        return len(self.path(parent_id)) + 1
