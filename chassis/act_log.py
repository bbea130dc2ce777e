"""The act log of a service: who did what, by which right, in the transaction that did it; append-only."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.telemetry.trace import Trace

_INSERT = """
INSERT INTO act_log (at, actor, on_behalf_of, union_id, charter_version, act_right, subject, changed,
                     request_id, traceparent)
SELECT $1, rows.actor, rows.on_behalf_of, rows.union_id, rows.charter_version, rows.act_right, rows.subject,
       rows.changed::jsonb, rows.request_id, rows.traceparent
FROM unnest($2::text[], $3::text[], $4::text[], $5::text[], $6::uuid[], $7::integer[], $8::text[],
            $9::text[], $10::text[])
     AS rows (actor, request_id, traceparent, on_behalf_of, union_id, charter_version, act_right, subject,
              changed)
"""


@dataclass(frozen=True, slots=True)
class ActRow:
    """A line of the log; `changed` is JSON."""

    actor: str
    trace: Trace
    right: str
    subject: str
    changed: str
    union_id: UUID | None
    on_behalf_of: str | None
    charter_version: int | None


async def write(raw: asyncpg.Connection, at: datetime, rows: Sequence[ActRow]) -> None:
    await raw.execute(
        _INSERT,
        at,
        [row.actor for row in rows],
        [row.trace.request_id for row in rows],
        [row.trace.traceparent for row in rows],
        [row.on_behalf_of for row in rows],
        [row.union_id for row in rows],
        [row.charter_version for row in rows],
        [row.right for row in rows],
        [row.subject for row in rows],
        [row.changed for row in rows],
    )
