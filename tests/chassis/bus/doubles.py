"""What the behaviour suite works with: buses, transports that die or dawdle, and waits."""

from __future__ import annotations

import asyncio
import contextlib
import random
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from typing import Protocol
from uuid import UUID, uuid4

from chassis.bus.envelope import Envelope
from chassis.bus.transport import Batch, Tailed, Transport
from chassis.clock import ManualClock
from chassis.ids import IdSource
from chassis.outbox import OutboxRow
from events.market import AgreementPaid
from tests.chassis.bus.house import Effects, Service, offered, paid, running

GROUP = "ledger"
PAID = "agreement.paid"
PROBE = "probe"


class BusUnderTest(Protocol):
    """A bus: `process()` opens it as one more process would, `away()` takes it from everybody."""

    async def process(self) -> Transport: ...

    async def kill(self, transport: Transport) -> None:
        """End a process' connections as a crash does, without a word."""
        ...

    def away(self) -> contextlib.AbstractAsyncContextManager[None]: ...


class Killed(Exception):
    """The process ended here."""


class DiesAfterAppend:
    """A transport whose process is killed when an append has been acknowledged."""

    def __init__(self, beneath: Transport) -> None:
        self._beneath = beneath

    def __getattr__(self, name: str) -> object:
        return getattr(self._beneath, name)

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        await self._beneath.append(envelopes)
        raise Killed


class Slow:
    """A transport that takes its time, so that two relays meet."""

    def __init__(self, beneath: Transport, seed: int) -> None:
        self._beneath = beneath
        self._random = random.Random(seed)

    def __getattr__(self, name: str) -> object:
        return getattr(self._beneath, name)

    async def append(self, envelopes: Sequence[Envelope]) -> None:
        await asyncio.sleep(self._random.random() * 0.02)
        await self._beneath.append(envelopes)
        await asyncio.sleep(self._random.random() * 0.02)


async def take_all(bus: Transport, group: str, count: int) -> list[Envelope]:
    """The first `count` events of a group, committed."""
    subscription = await bus.consume(group, {PAID, "offer"})
    taken: list[Envelope] = []
    try:
        async with asyncio.timeout(10):
            while len(taken) < count:
                batch = await subscription.next_batch(500, 0.01)
                taken += batch.events
                await subscription.commit(batch)
    finally:
        await subscription.close()
    return taken


def values_by_key(envelopes: Sequence[Envelope]) -> dict[str, list[int]]:
    found: dict[str, list[int]] = {}
    for envelope in envelopes:
        event = AgreementPaid.model_validate_json(envelope.data)
        found.setdefault(envelope.key, []).append(event.paid_minor)
    return found


def new_id(clock: ManualClock) -> UUID:
    return IdSource(clock).new()


def outbox_row(publisher: Service, key: int, value: int) -> OutboxRow:
    event = paid(key, value)
    now = publisher.clock.now()
    return OutboxRow(publisher.ids.new(), PAID, event.key(), now, event.model_dump_json().encode())


async def has(effects: Effects, count: int) -> bool:
    return await effects.count() >= count


async def shares(effects: Effects, replicas: set[str]) -> bool:
    rows = await effects.service.fetch("SELECT DISTINCT replica FROM effects")
    return {row["replica"] for row in rows} >= replicas


async def long(found: list[Tailed], count: int) -> bool:
    return len(found) >= count


async def is_now(found: int, expected: int) -> bool:
    return found == expected


async def next_batch(batch: object) -> Batch:
    async with asyncio.timeout(10):
        return await batch  # type: ignore[misc]


@asynccontextmanager
async def tailing(bus: Transport, after: str | None = None) -> AsyncGenerator[list[Tailed]]:
    """What a tail finds, as a list that grows. A tail from now on is there when it has heard a probe."""
    found: list[Tailed] = []
    heard = asyncio.Event()

    async def read() -> None:
        async for event in bus.tail({PAID, "offer"}, after):
            if event.envelope.correlation_id == PROBE:
                heard.set()
            elif event.envelope.type == PAID:
                found.append(event)

    async with running(read()):
        while after is None and not heard.is_set():
            await bus.append([_probe()])
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(heard.wait(), 0.1)
        yield found


def _probe() -> Envelope:
    event = offered(1_000_000, 1)
    return Envelope(
        id=uuid4(),
        source="/services/market",
        type="offer",
        key=event.key(),
        time=datetime(2027, 3, 1, tzinfo=UTC),
        data=event.model_dump_json().encode(),
        is_state=True,
        correlation_id=PROBE,
    )
