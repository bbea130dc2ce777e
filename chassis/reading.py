"""A client reads its own writes, one hop (design, decision 13).

An answer that published names its events in `Guildhall-Event`; the client sends them back in
`Guildhall-After`, and the called service waits, at most a setting, until it has consumed them. One poller a
process looks for all that wait, so that a waiting request holds no connection.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass
from uuid import UUID

import asyncpg

from chassis.unit_of_work import PublishedEvent

EVENT_HEADER = "Guildhall-Event"
AFTER_HEADER = "Guildhall-After"
STALE_HEADER = "Guildhall-Stale"
EVENTS_MAX = 8
LOOK_SECONDS = 0.01


@dataclass(frozen=True, slots=True)
class AwaitedEvent:
    """An event that a client has seen acknowledged."""

    type: str
    id: UUID


def event_header(published: Iterable[PublishedEvent]) -> str:
    """The header's value; of more events than it holds, the last of each type come first."""
    events = list(published)
    last_of_type = {event.type: event for event in events}
    chosen = list(last_of_type.values())
    chosen += [event for event in reversed(events) if event not in chosen]
    return ", ".join(f"{event.type}/{event.id}" for event in chosen[:EVENTS_MAX])


def awaited_events(header: str | None) -> list[AwaitedEvent]:
    """The events of a `Guildhall-After`; what is not one is passed over."""
    events: list[AwaitedEvent] = []
    for part in (header or "").split(",")[:EVENTS_MAX]:
        event_type, _, event_id = part.strip().partition("/")
        try:
            events.append(AwaitedEvent(event_type, UUID(event_id)))
        except ValueError:
            continue
    return events


Met = Callable[[list[UUID]], Awaitable[dict[UUID, bool]]]
"""Those of these events that have come to this service: True had its effect, False is parked."""


class OwnWrites:
    """Waits for events on behalf of requests; `also` are further things that must have them (an engine)."""

    def __init__(self, consumed_types: frozenset[str], met: Met, wait_ms: int) -> None:
        self.consumed_types = consumed_types
        self.also: list[Callable[[list[AwaitedEvent]], Awaitable[bool]]] = []
        self._met = met
        self._wait_seconds = wait_ms / 1_000
        self._waiting: dict[UUID, list[asyncio.Future[bool]]] = {}
        self._poller: asyncio.Task[None] | None = None

    async def wait(self, header: str | None) -> bool:
        """True once everything that the header names is here; False when it is late, or parked."""
        events = awaited_events(header) if header else []
        if not events:
            return True
        ours = [event.id for event in events if event.type in self.consumed_types]
        try:
            async with asyncio.timeout(self._wait_seconds):
                if ours and not await self._arrive(ours):
                    return False
                for here in self.also:
                    if not await here(events):
                        return False
        except TimeoutError:
            return False
        return True

    async def _arrive(self, event_ids: list[UUID]) -> bool:
        """True once all have had their effect; False as soon as one is parked."""
        arrivals = [asyncio.ensure_future(self._arrival(event_id)) for event_id in event_ids]
        try:
            for arrival in asyncio.as_completed(arrivals):
                if not await arrival:
                    return False
        finally:
            for arrival in arrivals:
                arrival.cancel()
        return True

    async def _arrival(self, event_id: UUID) -> bool:
        """Whether the event, now that it has come, had its effect."""
        future: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        self._waiting.setdefault(event_id, []).append(future)
        if self._poller is None or self._poller.done():
            self._poller = asyncio.create_task(self._poll(), name="own writes")
        try:
            return await future
        finally:
            futures = self._waiting.get(event_id, [])
            if future in futures:
                futures.remove(future)
            if not futures:
                self._waiting.pop(event_id, None)

    async def _poll(self) -> None:
        while self._waiting:
            try:
                here = await self._met(list(self._waiting))
            except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
                here = dict[UUID, bool]()
            for event_id, had_effect in here.items():
                for future in self._waiting.pop(event_id, []):
                    if not future.done():
                        future.set_result(had_effect)
            await asyncio.sleep(LOOK_SECONDS)
