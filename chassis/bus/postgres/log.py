"""Statements on the log: append, read between two positions. See schema.py for the tables."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, NamedTuple

from chassis.bus.envelope import Envelope
from chassis.bus.partitioning import partition_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    import asyncpg

_APPEND = "SELECT append_events($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)"
_HEADS = "SELECT partition, position, low_water, appended_on FROM heads"


def _read_statement(table: str) -> str:
    """Per partition the first events of the wanted types after one position, up to another."""
    return f"""
SELECT event.* FROM unnest($1::integer[], $2::bigint[], $3::bigint[]) AS part (partition, after, up_to)
CROSS JOIN LATERAL (
    SELECT partition, position, event_id, source, type, key, time, data, is_state, sequence,
           traceparent, causation_id, correlation_id
    FROM {table}
    WHERE {table}.partition = part.partition AND position > part.after AND position <= part.up_to
      AND ($4::text[] IS NULL OR type = ANY($4::text[])) AND appended_on >= $5::date
    ORDER BY position LIMIT $6
) AS event
ORDER BY event.partition, event.position
"""  # noqa: S608


_READ = {table: _read_statement(table) for table in ("log", "states")}


@dataclass(frozen=True, slots=True)
class Head:
    """Where a partition ends, and up to where its facts are gone. `appended_on` is the day of its end."""

    position: int
    low_water: int
    appended_on: date


@dataclass(frozen=True, slots=True)
class Span:
    """The positions to read in a partition: after one, up to and with another."""

    partition: int
    after: int
    up_to: int


class Positioned(NamedTuple):
    """An event and where it stands in the log."""

    partition: int
    position: int
    envelope: Envelope


async def append(
    connection: asyncpg.Connection, envelopes: Sequence[Envelope], partitions_count: int, today: date
) -> None:
    """Write the events with gapless positions, in one transaction."""
    await connection.execute(
        _APPEND,
        [partition_of(envelope.key, partitions_count) for envelope in envelopes],
        [envelope.id for envelope in envelopes],
        [envelope.source for envelope in envelopes],
        [envelope.type for envelope in envelopes],
        [envelope.key for envelope in envelopes],
        [envelope.is_state for envelope in envelopes],
        [envelope.sequence for envelope in envelopes],
        [envelope.time for envelope in envelopes],
        [envelope.data for envelope in envelopes],
        [envelope.traceparent for envelope in envelopes],
        [envelope.causation_id for envelope in envelopes],
        [envelope.correlation_id for envelope in envelopes],
        today,
    )


async def read_heads(connection: asyncpg.Connection) -> dict[int, Head]:
    """Every partition's head, in one snapshot: what it names is readable by the next statement."""
    rows = await connection.fetch(_HEADS)
    return {row["partition"]: Head(row["position"], row["low_water"], row["appended_on"]) for row in rows}


async def read_spans(
    connection: asyncpg.Connection,
    table: str,
    spans: Sequence[Span],
    types: Collection[str] | None,
    limit_each: int,
    since: date,
) -> list[Positioned]:
    """The first events of each span, by partition and position. `since` spares a look at older days."""
    rows = await connection.fetch(
        _READ[table],
        [span.partition for span in spans],
        [span.after for span in spans],
        [span.up_to for span in spans],
        None if types is None else list(types),
        since,
        limit_each,
    )
    # The columns after the first two are an envelope's fields, in their order.
    return [Positioned(row[0], row[1], Envelope(*row[2:])) for row in rows]


def passed(spans: Iterable[Span], found: Sequence[Positioned], limit_each: int) -> Mapping[int, int]:
    """How far each span has been read: to its end, or to the last event where the limit cut it."""
    counts: dict[int, int] = {}
    last: dict[int, int] = {}
    for event in found:
        counts[event.partition] = counts.get(event.partition, 0) + 1
        last[event.partition] = event.position
    return {
        span.partition: last[span.partition] if counts.get(span.partition, 0) >= limit_each else span.up_to
        for span in spans
    }
