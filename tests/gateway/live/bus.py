"""A bus in a list: position "n" is after n events. Streams are tried on the real one in the flows."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import orjson

from chassis.bus.envelope import Envelope
from chassis.bus.transport import TailBelowLowWater, Tailed, UnknownTailPosition
from events.catalogue import CATALOGUE
from events.declaration import EventClass

UNION, OTHER_UNION = UUID(int=100), UUID(int=101)
FOUNDER, MEMBER, LEADER, OUTSIDER = (UUID(int=number) for number in range(1, 5))
NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)

A_UNION = {
    "version": 1,
    "slug": "weavers",
    "state": "active",
    "founder_id": str(FOUNDER),
    "token_symbol": "GOW",
    "token_scale": 6,
    "charter_version": 1,
    "charter_hash": "a" * 64,
    "parameters": {},
    "founded_at": NOON.isoformat(),
}


def envelope(number: int, event_type: str = "offer", union: UUID = UNION, **data: Any) -> Envelope:
    """An event as a publisher would write it; only the fields that rights look at."""
    kind = CATALOGUE[event_type]
    body = {"union_id": str(union)} | (A_UNION if event_type == "union" else {})
    body |= {name: str(value) for name, value in data.items()}
    return Envelope(
        id=UUID(int=10_000 + number),
        source="/services/tests",
        type=event_type,
        key=f"{union}:{number}",
        time=NOON,
        data=orjson.dumps(body),
        is_state=kind.declaration.event_class is EventClass.STATE,
        sequence=number,
    )


class ListedBus:
    """What the gateway asks of a transport."""

    def __init__(self) -> None:
        self.events: list[Envelope] = []
        self.low_water = 0
        self.is_away = False
        self.tails_count = 0
        self._more = asyncio.Condition()

    async def add(self, *events: Envelope) -> None:
        self.events += events
        async with self._more:
            self._more.notify_all()

    async def tail_position(self) -> str:
        if self.is_away:
            raise OSError("the bus is away")
        return str(len(self.events))

    def covers(self, position: str, other: str) -> bool:
        return _number(position) >= _number(other)

    async def tail(
        self, types: Collection[str] | None = None, after: str | None = None
    ) -> AsyncIterator[Tailed]:
        self.tails_count += 1
        position = len(self.events) if after is None else _number(after)
        while True:
            if position < self.low_water:
                raise TailBelowLowWater
            async with self._more:
                while position >= len(self.events):
                    await self._more.wait()
            event = self.events[position]
            position += 1
            yield Tailed(event, str(position))


def _number(position: str) -> int:
    if not position.isdigit():
        raise UnknownTailPosition(position)
    return int(position)
