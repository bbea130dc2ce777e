"""What every transport of the bus promises: append, consume for a group, tail.

Delivery is at least once and in order per key; consumers drop repeats by their inbox. The promises are
tests: tests/chassis/bus/behaviour.py.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Collection, Sequence

    from chassis.bus.envelope import Envelope


class GroupBelowLowWater(Exception):
    """Events that a group has not seen are gone from the bus. It stops until an operator restarts it."""

    def __init__(self, group: str, partition: int, position: int, low_water: int) -> None:
        super().__init__(
            f"group {group} stands at {position} in partition {partition}, "
            f"but facts up to {low_water} are gone: rebuild it from its owners"
        )
        self.group = group
        self.partition = partition
        self.position = position
        self.low_water = low_water


class TailBelowLowWater(Exception):
    """The position to tail from is older than what the bus keeps: the reader starts afresh."""


class UnknownTailPosition(ValueError):
    """The text is no position of this bus."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Events for one transaction, in order per key. `marks` is the transport's own: where they end.

    `partitions` are those that the events came from: the consumer takes one lock for each.
    """

    events: tuple[Envelope, ...]
    partitions: tuple[int, ...]
    marks: Any = field(repr=False, default=None)


@dataclass(frozen=True, slots=True)
class Tailed:
    """An event and the position to tail from in order to get what follows it."""

    envelope: Envelope
    position: str


class Subscription(Protocol):
    """One replica's part in a group. Use by one task; `next_batch`, effect, `commit`, again."""

    async def next_batch(self, events_max: int, gather_seconds: float) -> Batch:
        """Wait until there are events and take them. What was not committed comes again.

        Waits out every outage of the bus. Raises GroupBelowLowWater.
        """
        ...

    async def commit(self, batch: Batch) -> None:
        """Say that the effect of the batch is in the consumer's database."""
        ...

    def lag(self) -> int:
        """Events in this replica's partitions that the group has not passed, as last seen."""
        ...

    def is_connected(self) -> bool:
        """Whether the bus answered the last time that it was asked."""
        ...

    async def close(self) -> None:
        """Give the partitions to the other replicas."""
        ...


class Transport(Protocol):
    """The bus as one process sees it."""

    async def open(self) -> None: ...

    async def close(self) -> None: ...

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        """Write the events; when it returns, they are durable. On an error all, some or none are."""
        ...

    async def consume(self, group: str, types: Collection[str]) -> Subscription:
        """Join a group. A new group gets the newest event of every state key and all facts that are kept.

        State events that arrive late may carry a lower version than one seen before.
        """
        ...

    def tail(self, types: Collection[str] | None = None, after: str | None = None) -> AsyncIterator[Tailed]:
        """Every event from now, or after a position. It may repeat after an outage; it never skips.

        Raises UnknownTailPosition, TailBelowLowWater.
        """
        ...

    async def tail_position(self) -> str:
        """The position of now."""
        ...

    def covers(self, position: str, other: str) -> bool:
        """Whether who stands at `position` has all that one who stands at `other` has.

        Raises UnknownTailPosition.
        """
        ...

    async def restart_group(self, group: str) -> None:
        """Let a group begin again with what the bus keeps; its inbox still drops what it has."""
        ...
