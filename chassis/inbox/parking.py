"""Parked events: listed for operators, and tried again when what hindered them is mended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

import orjson

from chassis.bus.envelope import from_cloud_event
from chassis.bus.metrics import parked_events as parked_events_gauge
from chassis.inbox import intake
from chassis.inbox.delivery import count, deliver
from chassis.outages import is_outage

if TYPE_CHECKING:
    from chassis.consumers import Consumers
    from chassis.unit_of_work import UnitFactory, UnitOfWork

_LIST = """
SELECT sequence, source, type, key, event_id, error, tries_count, parked_at FROM parked_events
WHERE group_name = $1 AND sequence > $2 ORDER BY sequence LIMIT $3
"""
_KEYS = """
SELECT source, key FROM parked_events WHERE group_name = $1 AND ($2::text IS NULL OR key = $2)
GROUP BY source, key ORDER BY min(sequence)
"""
_EARLIEST = """
SELECT sequence, envelope::text AS envelope FROM parked_events
WHERE group_name = $1 AND source = $2 AND key = $3 ORDER BY sequence LIMIT 1
"""
_REMOVE = "DELETE FROM parked_events WHERE sequence = $1"
_FAILED_AGAIN = "UPDATE parked_events SET error = $2, tries_count = tries_count + 1 WHERE sequence = $1"
_COUNT = "SELECT count(*) FROM parked_events WHERE group_name = $1"


@dataclass(frozen=True, slots=True)
class ParkedEvent:
    """One parked event; `sequence` is the order in which its key's events will be tried."""

    sequence: int
    source: str
    type: str
    key: str
    event_id: UUID
    error: str
    tries_count: int
    parked_at: datetime


async def parked_events(
    units: UnitFactory, group: str, after_sequence: int = 0, limit: int = 100
) -> list[ParkedEvent]:
    """A page of a group's parked events, oldest first."""
    async with units(f"parked:{group}") as unit:
        rows = await (await unit.raw()).fetch(_LIST, group, after_sequence, limit)
    return [ParkedEvent(**dict(row)) for row in rows]


async def retry_parked(units: UnitFactory, consumers: Consumers, key: str | None = None) -> tuple[int, int]:
    """Try the parked events of a group, or of one key, in order; a key stops at its first failure.

    Returns how many had their effect and how many are still parked. Raises what an outage raises.
    """
    group = consumers.group
    async with units(f"parked:{group}") as unit:
        rows = await (await unit.raw()).fetch(_KEYS, group, key)
    passed_count = 0
    for row in rows:
        while await _retry_earliest(units, consumers, row["source"], row["key"]):
            passed_count += 1
    async with units(f"parked:{group}") as unit:
        left_count: int = await (await unit.raw()).fetchval(_COUNT, group) or 0
    parked_events_gauge.labels(group).set(left_count)
    return passed_count, left_count


async def _retry_earliest(units: UnitFactory, consumers: Consumers, source: str, key: str) -> bool:
    """One event in one transaction, with the group's batches kept out. False: none left, or it failed."""
    sequence = 0
    try:
        async with units(f"parked:{consumers.group}") as unit:
            row = await _earliest(unit, consumers.group, source, key)
            if row is None:
                return False
            sequence = row["sequence"]
            envelope = from_cloud_event(orjson.loads(row["envelope"]))
            await deliver(consumers, unit, [envelope])
            raw = await unit.raw()
            await raw.execute(_REMOVE, sequence)
            await intake.unpark(raw, envelope.id)
    except Exception as error:
        if is_outage(error):
            raise
        async with units(f"parked:{consumers.group}") as unit:
            reason = f"{type(error).__name__}: {error}".replace("\x00", "")
            await (await unit.raw()).execute(_FAILED_AGAIN, sequence, reason[: intake.ERROR_MAX_CHARACTERS])
        return False
    count(consumers.group, [envelope])
    return True


async def _earliest(unit: UnitOfWork, group: str, source: str, key: str) -> Any:
    raw = await unit.raw()
    await intake.lock_alone(raw, group)
    return await raw.fetchrow(_EARLIEST, group, source, key)
