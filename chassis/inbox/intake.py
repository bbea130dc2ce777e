"""The inbox' rows: which events a service has, recorded in the transaction of their effect."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.bus.envelope import to_cloud_event

if TYPE_CHECKING:
    from collections.abc import Sequence

    import asyncpg

    from chassis.bus.envelope import Envelope
    from chassis.read_pool import ReadPool

CONSUMED, PARKED = 0, 1
ERROR_MAX_CHARACTERS = 2_000
_DAY_ZERO = _NO_DAY = date(1970, 1, 1)
_DAY_MS = 86_400_000

# The group's lock is shared by its batches and held alone by a retry of parked events. A partition's lock
# keeps a replica that lost its lease unnoticed from working beside the one that has it now.
_LOCK = """
SELECT pg_advisory_xact_lock_shared($1),
       (SELECT count(pg_advisory_xact_lock(lock)) FROM unnest($2::bigint[]) AS lock)
"""
_LOCK_ALONE = "SELECT pg_advisory_xact_lock($1)"
_TAKE = """
WITH fresh AS (
    INSERT INTO inbox (event_on, event_id, type, key, traceparent, causation_id, correlation_id, consumed_at)
    SELECT event_on, event_id, type, key, traceparent, causation_id, correlation_id, $9
    FROM unnest($2::date[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[])
      AS row (event_on, event_id, type, key, traceparent, causation_id, correlation_id)
    ON CONFLICT (event_id, event_on) DO NOTHING
    RETURNING event_id
)
SELECT array(SELECT event_id FROM fresh) AS fresh,
       array(SELECT source || ' ' || key FROM parked_events
             WHERE group_name = $1 AND key = ANY($5::text[])) AS parked
"""
_PARK = """
INSERT INTO parked_events (group_name, source, type, key, event_id, envelope, error, tries_count, parked_at)
VALUES ($1, $2, $3, $4, $5, $6::text::jsonb, $7, $8, $9)
"""
_SET_STATE = "UPDATE inbox SET state = $3 WHERE event_id = $1 AND event_on = $2"
_MET = """
SELECT event_id, state FROM inbox JOIN unnest($1::date[], $2::uuid[]) AS row (event_on, event_id)
USING (event_on, event_id)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """The events of a batch that are new, in order, and those whose key has parked events before them."""

    fresh: tuple[Envelope, ...]
    behind: tuple[Envelope, ...]


def inbox_day(event_id: UUID) -> date:
    """The day under which the inbox keeps an event: that of its id (UUIDv7), so that a repeat finds it."""
    if event_id.version != 7:
        return _NO_DAY
    return _day((event_id.int >> 80) // _DAY_MS)


@lru_cache(maxsize=64)
def _day(number: int) -> date:
    return _DAY_ZERO + timedelta(days=number)


def lock_number(name: str) -> int:
    """The advisory lock of a name of the inbox."""
    digest = blake2b(name.encode(), digest_size=8, person=b"inbox").digest()
    return int.from_bytes(digest, signed=True)


async def lock(raw: asyncpg.Connection, group: str, partitions: Sequence[int]) -> None:
    """Take the batch's locks until the end of the transaction; a statement of its own, before `take`."""
    numbers = sorted(lock_number(f"{group} {partition}") for partition in partitions)
    await raw.execute(_LOCK, lock_number(group), numbers)


async def lock_alone(raw: asyncpg.Connection, group: str) -> None:
    """Keep every batch of the group out until the end of the transaction."""
    await raw.execute(_LOCK_ALONE, lock_number(group))


async def take(raw: asyncpg.Connection, group: str, envelopes: Sequence[Envelope], now: datetime) -> Taken:
    """Record the events; what was recorded before is dropped."""
    row = await raw.fetchrow(
        _TAKE,
        group,
        [inbox_day(envelope.id) for envelope in envelopes],
        [envelope.id for envelope in envelopes],
        [envelope.type for envelope in envelopes],
        [envelope.key for envelope in envelopes],
        [envelope.traceparent for envelope in envelopes],
        [envelope.causation_id for envelope in envelopes],
        [envelope.correlation_id for envelope in envelopes],
        now,
    )
    assert row is not None
    new, parked = set(row["fresh"]), set(row["parked"])
    fresh: list[Envelope] = []
    behind: list[Envelope] = []
    for envelope in envelopes:
        if envelope.id in new:
            new.discard(envelope.id)
            (behind if f"{envelope.source} {envelope.key}" in parked else fresh).append(envelope)
    return Taken(tuple(fresh), tuple(behind))


async def park(
    raw: asyncpg.Connection, group: str, envelope: Envelope, error: str, tries_count: int, now: datetime
) -> None:
    """Put an event that `take` has recorded aside."""
    await raw.execute(
        _PARK,
        group,
        envelope.source,
        envelope.type,
        envelope.key,
        envelope.id,
        orjson.dumps(to_cloud_event(envelope)).decode(),
        error.replace("\x00", "")[:ERROR_MAX_CHARACTERS],
        tries_count,
        now,
    )
    await raw.execute(_SET_STATE, envelope.id, inbox_day(envelope.id), PARKED)


async def unpark(raw: asyncpg.Connection, event_id: UUID) -> None:
    """Say that a parked event has had its effect after all."""
    await raw.execute(_SET_STATE, event_id, inbox_day(event_id), CONSUMED)


async def met_events(pool: ReadPool, event_ids: Sequence[UUID]) -> dict[UUID, bool]:
    """Those of these events that have come here: whether they have had their effect, or are parked."""
    rows = await pool.fetch(_MET, [inbox_day(event_id) for event_id in event_ids], list(event_ids))
    return {row["event_id"]: row["state"] == CONSUMED for row in rows}
