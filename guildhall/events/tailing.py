"""`guildhall events tail`: every event as it comes to the bus, one CloudEvent a line."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from typing import Any

import orjson

from chassis.bus.envelope import to_cloud_event
from chassis.bus.transport import TailBelowLowWater, UnknownTailPosition
from events.catalogue import CATALOGUE
from guildhall.events.operated import Operated
from guildhall.refusals import StartRefused

_UNION = "SELECT id FROM unions WHERE slug = $1"


async def tailed(
    house: Operated, union: str | None, event_type: str | None, after: str | None
) -> AsyncGenerator[dict[str, Any]]:
    """Each event with its `position`, to tail from later. Raises StartRefused."""
    if event_type is not None and event_type not in CATALOGUE:
        raise StartRefused(f"there is no event {event_type}: {', '.join(sorted(CATALOGUE))}")
    union_id = None if union is None else await _union_id(house, union)
    types = None if event_type is None else {event_type}
    try:
        async for one in house.bus.tail(types, after):
            document = to_cloud_event(one.envelope)
            if union_id is None or document.get("data", {}).get("union_id") == union_id:
                yield {"position": one.position, **document}
    except UnknownTailPosition:
        raise StartRefused(
            f"{after} is no position of this bus: take the one that a line began with"
        ) from None
    except TailBelowLowWater:
        raise StartRefused(f"{after} is older than what the bus keeps: leave --after away") from None


async def print_tailed(house: Operated, union: str | None, event_type: str | None, after: str | None) -> None:
    """Until it is interrupted."""
    async for document in tailed(house, union, event_type, after):
        print(orjson.dumps(document).decode(), flush=True)


async def _union_id(house: Operated, slug: str) -> str:
    pool = house.chassis["identity"].database.hot_reads()
    found = await pool.fetchval(_UNION, slug)
    if found is None:
        raise StartRefused(f"there is no union {slug}")
    return str(found)
