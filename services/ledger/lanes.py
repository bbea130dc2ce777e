"""Members' transfers are gathered while the commit before is under way, and posted in one transaction.

Nothing waits for company: who comes to an idle lane is posted at once. Small requests go before large ones,
of which each transaction takes as many as one of them may be.
"""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg

from chassis.outages import is_outage
from chassis.telemetry.trace import Trace, trace_now
from services.ledger import metrics
from services.ledger.domain.errors import LaneFull
from services.ledger.use_cases.post_transfers import Answered, MemberOrder, post_orders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from chassis.service import Chassis
    from chassis.signatures import ActReplayed
    from services.ledger.settings import LedgerSettings

SMALL_TRANSFERS_MAX = 100


@dataclass(slots=True)
class _Waiting:
    order: MemberOrder
    actor: str
    trace: Trace
    answer: asyncio.Future[Answered | ActReplayed]

    @property
    def is_large(self) -> bool:
        return len(self.order.batch) > SMALL_TRANSFERS_MAX


@dataclass(slots=True)
class _Lane:
    """Of one union; gone when it is idle."""

    small: deque[_Waiting] = field(default_factory=deque[_Waiting])
    large: deque[_Waiting] = field(default_factory=deque[_Waiting])

    @property
    def waiting_count(self) -> int:
        return len(self.small) + len(self.large)

    def take(self, requests_max: int, transfers_max: int) -> list[_Waiting]:
        """`transfers_max`: of the large requests together."""
        taken = [self.small.popleft() for _ in range(min(len(self.small), requests_max))]
        transfers_count = 0
        while self.large:
            transfers_count += len(self.large[0].order.batch)
            if transfers_count > transfers_max and taken and taken[-1].is_large:
                break
            taken.append(self.large.popleft())
        return taken


class Lanes:
    """One for each union that is paid in now; at `app.state.lanes`. Close it."""

    def __init__(self, settings: LedgerSettings) -> None:
        self._waiting_max = settings.lane_waiting_max
        self._requests_max = settings.lane_requests_max
        self._transfers_max = settings.batch_transfers_max
        self._lanes: dict[UUID, _Lane] = {}
        self._workers: set[asyncio.Task[None]] = set()

    async def post(self, chassis: Chassis, order: MemberOrder, actor: str) -> Answered | ActReplayed:
        """What came of it, once it is committed. Raises LaneFull, and what posting raises."""
        lane = self._lanes.get(order.union.id)
        if lane is None:
            lane = self._lanes[order.union.id] = _Lane()
            worker = asyncio.create_task(self._work(chassis, order.union.id, lane), name="ledger lane")
            self._workers.add(worker)
            worker.add_done_callback(self._workers.discard)
        if lane.waiting_count >= self._waiting_max:
            raise LaneFull(self._waiting_max)
        waiting = _Waiting(order, actor, trace_now(), asyncio.get_running_loop().create_future())
        (lane.large if waiting.is_large else lane.small).append(waiting)
        metrics.waiting_requests.inc()
        try:
            return await waiting.answer
        finally:
            metrics.waiting_requests.dec()

    async def run(self, _: Chassis) -> None:
        """Until cancelled: then those that wait are told so, and what is under way is ended."""
        try:
            await asyncio.Event().wait()
        finally:
            for worker in self._workers:
                worker.cancel()
            await asyncio.gather(*self._workers, return_exceptions=True)

    async def _work(self, chassis: Chassis, union_id: UUID, lane: _Lane) -> None:
        gathered: list[_Waiting] = []
        try:
            while lane.waiting_count:
                gathered = lane.take(self._requests_max, self._transfers_max)
                metrics.gathered_requests.observe(len(gathered))
                await self._post(chassis, gathered)
        finally:
            del self._lanes[union_id]
            for waiting in (*gathered, *lane.small, *lane.large):
                if not waiting.answer.done():
                    waiting.answer.set_exception(ConnectionAbortedError("the ledger stops"))

    async def _post(self, chassis: Chassis, gathered: Sequence[_Waiting]) -> None:
        try:
            async with chassis.unit(f"service:{chassis.service}") as unit:
                orders = [(one.order, one.actor, one.trace) for one in gathered]
                outcomes = await post_orders(unit, orders)
        except Exception as error:  # noqa: BLE001 - whatever it is, those who wait are told
            # An outage, or a journal that was not free in time, is nobody's own: none is tried alone.
            if len(gathered) > 1 and not (is_outage(error) or isinstance(error, asyncpg.QueryCanceledError)):
                for one in gathered:
                    await self._post(chassis, [one])
                return
            for one in gathered:
                if not one.answer.done():
                    one.answer.set_exception(error)
            return
        for one, outcome in zip(gathered, outcomes, strict=True):
            if not one.answer.done():
                one.answer.set_result(outcome)
