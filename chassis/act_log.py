"""The act log of a service: who did what, by which right, in the transaction that did it; append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.telemetry.trace import trace_now

_INSERT = """
INSERT INTO act_log (at, actor, on_behalf_of, union_id, charter_version, act_right, subject, changed,
                     request_id, traceparent)
SELECT $1, $2, rows.on_behalf_of, rows.union_id, rows.charter_version, rows.act_right, rows.subject,
       rows.changed::jsonb, $3, $4
FROM unnest($5::text[], $6::uuid[], $7::integer[], $8::text[], $9::text[], $10::text[])
     AS rows (on_behalf_of, union_id, charter_version, act_right, subject, changed)
"""


@dataclass(frozen=True, slots=True)
class ActRow:
    """A line of the log; `changed` is JSON."""

    right: str
    subject: str
    changed: str
    union_id: UUID | None
    on_behalf_of: str | None
    charter_version: int | None


async def write(raw: asyncpg.Connection, at: datetime, actor: str, rows: Sequence[ActRow]) -> None:
    trace = trace_now()
    await raw.execute(
        _INSERT,
        at,
        actor,
        trace.request_id,
        trace.traceparent,
        [row.on_behalf_of for row in rows],
        [row.union_id for row in rows],
        [row.charter_version for row in rows],
        [row.right for row in rows],
        [row.subject for row in rows],
        [row.changed for row in rows],
    )
