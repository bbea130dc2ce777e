"""Epochs of standing: ranked by one process, stored with the graph's version, adopted by all."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from services.graph.domain.standing import backlink_arrays, personalised_pagerank
from services.graph.engine.union_view import UnionView
from services.graph.settings import GraphSettings
from services.graph.store.standings import (
    Epoch,
    drop_epochs,
    load_standings,
    newest_epoch,
    publish_epoch,
)

if TYPE_CHECKING:
    from chassis.read_pool import ReadPool
    from chassis.unit_of_work import UnitFactory


async def adopt_newest_epoch(source: ReadPool, view: UnionView) -> Epoch | None:
    """Take over the newest published epoch where the view has an older one; returns the newest."""
    newest = await newest_epoch(source, view.union_id)
    known = 0 if view.epoch is None else view.epoch.number
    if newest is not None and newest.number > known:
        view.standing_of = await load_standings(source, view.union_id, newest.number)
        view.epoch = newest
    return newest


def standing_is_due(view: UnionView, now: datetime, settings: GraphSettings) -> bool:
    """True where the graph has changed since the known epoch, and that one is old enough."""
    if view.epoch is None:
        return view.version > 0
    age_limit = timedelta(seconds=settings.standing_epoch_seconds)
    return view.epoch.version < view.version and now - view.epoch.computed_at >= age_limit


async def publish_standing(
    source: ReadPool, units: UnitFactory, view: UnionView, settings: GraphSettings
) -> None:
    """Publish the next epoch, unless another process has published it meanwhile.

    The ranking runs in a thread, on arrays taken at one version. Of several processes the first one's epoch
    is stored, and the others adopt it.
    """
    newest = await adopt_newest_epoch(source, view)
    async with units("engine") as unit:
        if not standing_is_due(view, unit.now, settings):
            return
        graph = view.graph
        version, roots = graph.version, sorted(graph.roots)
        active = [(number, graph.members[number]) for number, counts in enumerate(graph.active) if counts]
        damping = settings.standing_damping_basis_points
        ranked = await asyncio.to_thread(
            personalised_pagerank, len(graph.members), backlink_arrays(graph), roots, damping / 10_000
        )
        values = ranked.values.tolist()
        standings = [(member_id, values[number]) for number, member_id in active]
        number = 1 if newest is None else newest.number + 1
        epoch = Epoch(number, version, unit.now, damping, len(roots), ranked.dangling)
        raw = await unit.raw()
        published = await publish_epoch(raw, view.union_id, epoch, standings)
        if published:
            await drop_epochs(raw, view.union_id, before=number - settings.standing_epochs_kept_count + 1)
    if published:
        view.epoch, view.standing_of = epoch, dict(standings)
    else:
        await adopt_newest_epoch(source, view)
