"""Reading one's own writes: what has come is waited for, what is parked is not."""

import asyncio
from uuid import UUID

from chassis.reading import OwnWrites, awaited_events

FIRST, SECOND = UUID(int=1), UUID(int=2)
WAIT_MS = 2_000


def _own_writes(*looks: dict[UUID, bool], wait_ms: int = WAIT_MS) -> OwnWrites:
    """Each look finds the next of `looks`; the last one stays."""
    found = list(looks)

    async def met(event_ids: list[UUID]) -> dict[UUID, bool]:
        here = found.pop(0) if len(found) > 1 else found[0]
        return {event_id: here[event_id] for event_id in event_ids if event_id in here}

    return OwnWrites(frozenset({"offer"}), met, wait_ms)


async def _seconds_of(own_writes: OwnWrites, header: str) -> tuple[bool, float]:
    loop = asyncio.get_running_loop()
    begun = loop.time()
    fresh = await own_writes.wait(header)
    return fresh, loop.time() - begun


async def test_an_event_is_waited_for_until_it_has_its_effect() -> None:
    assert await _own_writes({}, {}, {FIRST: True}).wait(f"offer/{FIRST}")


async def test_an_event_that_does_not_come_is_late() -> None:
    assert not await _own_writes({}, wait_ms=30).wait(f"offer/{FIRST}")


async def test_a_parked_event_is_stale_at_once() -> None:
    fresh, seconds = await _seconds_of(_own_writes({FIRST: False}), f"offer/{FIRST}")
    assert not fresh
    assert seconds < WAIT_MS / 2_000


async def test_a_parked_event_ends_the_wait_for_the_others() -> None:
    own_writes = _own_writes({FIRST: False})
    fresh, seconds = await _seconds_of(own_writes, f"offer/{SECOND}, offer/{FIRST}")
    assert not fresh
    assert seconds < WAIT_MS / 2_000
    await asyncio.sleep(0)
    assert not own_writes._waiting  # pyright: ignore[reportPrivateUsage] - nobody is looked for any more


async def test_events_of_others_are_not_waited_for() -> None:
    assert await _own_writes({}).wait(f"agreement/{FIRST}")


def test_what_is_no_event_is_passed_over() -> None:
    assert [event.id for event in awaited_events(f"offer/{FIRST}, offer/x, , offer/{SECOND}")] == [
        FIRST,
        SECOND,
    ]
    assert awaited_events(None) == []
