"""What breaks the reading of events off does not end it: webhooks would be told nothing, unnoticed."""

import asyncio
from types import SimpleNamespace
from typing import Any, cast

import pytest

from chassis.bus.transport import Batch, Transport
from chassis.service import Chassis
from services.identity.webhooks.following import GROUP, Following

NOTHING = Batch(events=(), partitions=(), marks={})


class _Subscription:
    """Gives the next of `turns`: raises an error, hands a batch on."""

    def __init__(self, bus: "_Bus") -> None:
        self._bus = bus

    async def next_batch(self, events_max: int, gather_seconds: float) -> Batch:
        turn = await self._bus.turns.get()
        if isinstance(turn, Exception):
            raise turn
        return turn

    async def commit(self, batch: Batch) -> None:
        self._bus.committed_count += 1

    def lag(self) -> int:
        return 0

    async def close(self) -> None:
        self._bus.closed_count += 1


class _Bus:
    def __init__(self, *turns: Batch | Exception) -> None:
        self.turns = asyncio.Queue[Batch | Exception]()
        for turn in turns:
            self.turns.put_nowait(turn)
        self.committed_count = self.closed_count = 0

    async def consume(self, group: str, types: frozenset[str]) -> _Subscription:
        assert group == GROUP
        return _Subscription(self)


def _chassis(bus: _Bus) -> Chassis:
    settings = SimpleNamespace(consume_batch_max=10, consume_wait_ms=0)
    made: Any = SimpleNamespace(bus=cast(Transport, bus), settings=settings, service="identity")
    return made


@pytest.mark.parametrize("error", [PermissionError("refused"), RuntimeError("a defect")])
async def test_it_joins_its_group_anew_and_says_what_was_wrong_until_it_reads_again(error: Exception) -> None:
    bus = _Bus(NOTHING, error)
    following = Following(lambda: None)
    running = asyncio.create_task(following.run(_chassis(bus)))
    try:
        async with asyncio.timeout(5):
            while not following.warnings():  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
            assert following.warnings() == [f"webhooks are told nothing: {error!r}"]
            assert (bus.committed_count, bus.closed_count) == (1, 1)
            bus.turns.put_nowait(NOTHING)
            while following.warnings():  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        assert bus.committed_count == 2
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_what_cannot_be_queued_is_not_committed_and_read_again(monkeypatch: pytest.MonkeyPatch) -> None:
    bus = _Bus(NOTHING, NOTHING)
    following = Following(lambda: None)
    outcomes = iter([OSError("no database"), 0])

    async def queue(*_: object) -> int:
        outcome = next(outcomes)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    monkeypatch.setattr(following, "queue", queue)
    running = asyncio.create_task(following.run(_chassis(bus)))
    try:
        async with asyncio.timeout(5):
            while not bus.committed_count:  # noqa: ASYNC110 - it tells nobody
                await asyncio.sleep(0.01)
        assert (bus.committed_count, bus.closed_count) == (1, 1), "it joined anew in between"
        assert following.warnings() == []
    finally:
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
