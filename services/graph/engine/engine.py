"""The engine: loads a union when it is first read, replays what is new, publishes standing by epochs."""

from __future__ import annotations

import asyncio
from collections import OrderedDict
from typing import TYPE_CHECKING
from uuid import UUID

import structlog

from chassis.clock import Clock
from chassis.database import Database
from services.graph.domain.support_graph import ChangeOutOfOrder
from services.graph.engine.epochs import adopt_newest_epoch, publish_standing, standing_is_due
from services.graph.engine.union_view import UnionView
from services.graph.settings import GraphSettings
from services.graph.store.change_log import read_changes, read_heads
from services.graph.store.snapshots import load_graph

if TYPE_CHECKING:
    from chassis.read_pool import ReadPool
    from chassis.unit_of_work import UnitFactory

WAKE_PAUSE_SECONDS = 0.02
logger = structlog.get_logger(__name__)


class GraphEngine:
    """Graphs by union, least recently read ones put out.

    One round at a time changes them, and never across an await: a reader that holds a view between two
    awaits sees one version.
    """

    def __init__(self, database: Database, units: UnitFactory, clock: Clock, settings: GraphSettings) -> None:
        self._database = database
        self._clock = clock
        self._units = units
        self._settings = settings
        self._views: OrderedDict[UUID, UnionView] = OrderedDict()
        self._loading: dict[UUID, asyncio.Task[UnionView]] = {}
        self._catching_up = asyncio.Lock()
        self._woken = asyncio.Event()

    async def view(self, union_id: UUID) -> UnionView:
        """The union as this process knows it, loaded when it is not here."""
        view = self._views.get(union_id)
        if view is None:
            loading = self._loading.get(union_id)
            if loading is None:
                loading = asyncio.create_task(self._load(union_id), name=f"load graph {union_id}")
                self._loading[union_id] = loading
                loading.add_done_callback(lambda _: self._loading.pop(union_id, None))
            view = await asyncio.shield(loading)
        if union_id in self._views:
            self._views.move_to_end(union_id)
        return view

    def wake(self) -> None:
        """Something was committed here: look at once instead of at the next poll."""
        self._woken.set()

    async def catch_up(self) -> None:
        """Have everything that was committed before this call, in every union that is loaded."""
        if self._loading:
            await asyncio.wait(list(self._loading.values()))
        if not self._views:
            return
        async with self._catching_up:
            pool = self._database.hot_reads()
            for union_id, version in await read_heads(pool, list(self._views)):
                view = self._views.get(union_id)
                if view is not None and view.version < version:
                    await self._replay(pool, view, version)

    async def tail(self) -> None:
        """For ever: wait to be woken or for the poll, catch up, publish what is due."""
        while True:
            try:
                async with asyncio.timeout(self._settings.engine_poll_ms / 1_000):
                    await self._woken.wait()
            except TimeoutError:
                pass
            else:
                await asyncio.sleep(WAKE_PAUSE_SECONDS)
            self._woken.clear()
            try:
                await self.round()
            except Exception as error:  # noqa: BLE001 - what one round meets, the next one may not
                logger.warning("the engine fell behind", reason=repr(error))

    async def round(self) -> None:
        """Catch up, then publish the standing of the unions in which it is due."""
        await self.catch_up()
        for view in list(self._views.values()):
            await self._standing(view)

    async def _load(self, union_id: UUID) -> UnionView:
        pool = self._database.hot_reads()
        view = UnionView(union_id, await load_graph(pool, union_id))
        await adopt_newest_epoch(pool, view)
        if view.epoch is None:
            await self._standing(view)
        self._views[union_id] = view
        while len(self._views) > self._settings.engine_unions_max_count:
            self._views.popitem(last=False)
        return view

    async def _replay(self, pool: ReadPool, view: UnionView, version: int) -> None:
        while view.version < version:
            batch = await read_changes(
                pool, view.union_id, view.version, self._settings.engine_changes_batch_max_count
            )
            try:
                for change in batch:
                    view.graph.apply(change)
            except ChangeOutOfOrder:
                view.graph = await load_graph(pool, view.union_id)
                return
            if not batch:
                return

    async def _standing(self, view: UnionView) -> None:
        if not standing_is_due(view, self._clock.now(), self._settings):
            return
        await publish_standing(self._database.hot_reads(), self._units, view, self._settings)
