"""Allotments: an amount gathered from sources in their order and split among destinations by their shares."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.ids import derived_id
from services.ledger.domain.accounts import LEDGER_NAMESPACE
from services.ledger.domain.shares import split_by_shares


@dataclass(frozen=True, slots=True)
class Source:
    """An account that gives, at most `max_minor`; another member's by a mandate of theirs."""

    account: UUID
    max_minor: int | None = None
    mandate_id: UUID | None = None


@dataclass(frozen=True, slots=True)
class Destination:
    """An account that gets, by its share of the sum of all shares."""

    account: UUID
    shares: int


@dataclass(frozen=True, slots=True)
class Allotment:
    """What is to be moved, whole or not at all."""

    id: UUID
    amount_minor: int
    sources: Sequence[Source]
    destinations: Sequence[Destination]

    @property
    def part_ids(self) -> list[UUID]:
        """Of the transfers that it may have: no more than its accounts."""
        count = len(self.sources) + len(self.destinations)
        return [part_id(self.id, index) for index in range(count)]


@dataclass(frozen=True, slots=True)
class Part:
    """One transfer of an allotment."""

    id: UUID
    source: Source
    credit_account: UUID
    amount_minor: int


def part_id(allotment_id: UUID, index: int) -> UUID:
    """The id of its transfer of this index, from 0, under the principal whose allotment it is."""
    return derived_id(LEDGER_NAMESPACE, "allotment", str(allotment_id), str(index))


def gather(amount_minor: int, there_minor: Sequence[int]) -> tuple[int, ...]:
    """What each source gives, in their order: all that there is of one before anything of the next."""
    given: list[int] = []
    for there in there_minor:
        given.append(min(there, amount_minor - sum(given)))
    return tuple(given)


def allot(allotment: Allotment, there_minor: Sequence[int]) -> tuple[Part, ...] | None:
    """Its transfers, none of nothing; None where the sources do not have so much.

    `there_minor`: what each source may give, at least 0. The units that no share divides go to the largest
    remainders; where these are equal, in an order that begins at a place drawn from the allotment's id, so
    that over time nobody comes first more often than another.
    """
    given = list(gather(allotment.amount_minor, there_minor))
    if sum(given) < allotment.amount_minor:
        return None
    shares = [destination.shares for destination in allotment.destinations]
    first = allotment.id.int % len(shares)
    parts: list[Part] = []
    place = 0
    wanted = split_by_shares(allotment.amount_minor, shares, first)
    for destination, part_minor in zip(allotment.destinations, wanted, strict=True):
        left = part_minor
        while left:
            moved = min(left, given[place])
            if moved:
                name = part_id(allotment.id, len(parts))
                parts.append(Part(name, allotment.sources[place], destination.account, moved))
            left, given[place] = left - moved, given[place] - moved
            place += not given[place]
    return tuple(parts)
