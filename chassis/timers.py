"""Timers: work due at a time, kept in a table, run once in the transaction of its effect by any replica.

Late ones run in due order after downtime. A recurring timer keeps its local time and zone; see `Daily`.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, time
from typing import TYPE_CHECKING, Any

import asyncpg
import orjson
import structlog

from chassis.daily import Daily
from chassis.telemetry.metrics import timers_run_total
from chassis.telemetry.trace import current_trace, new_trace

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitFactory, UnitOfWork

logger = structlog.get_logger(__name__)

RETRY_SECONDS_MAX = 300
ROUND_MAX = 500


@dataclass(frozen=True, slots=True)
class Timer:
    """A timer that has come due; (kind, key, due) is its id."""

    kind: str
    key: str
    due: datetime
    payload: Mapping[str, Any]


TimerHandler = Callable[["UnitOfWork", Timer], Awaitable[None]]


class Timers:
    """The kinds of timers of a service and what each does."""

    def __init__(self) -> None:
        self._handlers: dict[str, TimerHandler] = {}

    def on(self, kind: str) -> Callable[[TimerHandler], TimerHandler]:
        def add(handler: TimerHandler) -> TimerHandler:
            if kind in self._handlers:
                raise ValueError(f"the timer {kind} has a handler already")
            self._handlers[kind] = handler
            return handler

        return add

    def copy(self) -> Timers:
        """Another one with the same handlers, to which more may be added."""
        copied = Timers()
        copied._handlers |= self._handlers
        return copied

    def __getitem__(self, kind: str) -> TimerHandler:
        return self._handlers[kind]

    @property
    def kinds(self) -> list[str]:
        return sorted(self._handlers)


async def upsert_timer(
    raw: asyncpg.Connection,
    kind: str,
    key: str,
    due: datetime,
    payload: Mapping[str, object],
    daily: Daily | None = None,
) -> None:
    recurrence = None
    if daily is not None:
        recurrence = orjson.dumps({"at": daily.at.isoformat(), "zone": daily.zone}).decode()
    await raw.execute(
        """
        INSERT INTO timers (kind, key, due, payload, recurrence, next_attempt_at)
        VALUES ($1, $2, $3, $4::jsonb, $5::jsonb, $3)
        ON CONFLICT (kind, key) DO UPDATE
        SET due = excluded.due, payload = excluded.payload, recurrence = excluded.recurrence,
            next_attempt_at = excluded.due, attempts_count = 0, last_error = NULL
        """,
        kind,
        key,
        due,
        orjson.dumps(payload, default=str).decode(),
        recurrence,
    )


async def delete_timer(raw: asyncpg.Connection, kind: str, key: str) -> None:
    await raw.execute("DELETE FROM timers WHERE kind = $1 AND key = $2", kind, key)


_CLAIM = """
SELECT kind, key, due, payload, recurrence, attempts_count FROM timers
WHERE next_attempt_at <= $1 AND kind = ANY($2::text[])
ORDER BY due, kind, key LIMIT 1 FOR UPDATE SKIP LOCKED
"""


class TimerRunner:
    """Claims due timers one after the other, each in the transaction of its effect."""

    def __init__(self, registry: Timers, units: UnitFactory) -> None:
        self._registry = registry
        self._units = units

    async def run_due(self) -> int:
        """Run what is due; returns how many timers had their effect."""
        if not self._registry.kinds:
            return 0
        for count in range(ROUND_MAX):
            if not await self._run_one():
                return count
        return ROUND_MAX

    async def _run_one(self) -> bool:
        token = current_trace.set(new_trace("timers"))
        claimed: Timer | None = None
        try:
            async with self._units("timers") as unit:
                raw = await unit.raw()
                row = await raw.fetchrow(_CLAIM, unit.now, self._registry.kinds)
                if row is None:
                    return False
                claimed = Timer(row["kind"], row["key"], row["due"], row["payload"])
                unit.actor = f"timer:{claimed.kind}"
                if row["recurrence"] is None:
                    await delete_timer(raw, claimed.kind, claimed.key)
                else:
                    rule = row["recurrence"]
                    daily = Daily(time.fromisoformat(rule["at"]), rule["zone"])
                    due = daily.next_due(claimed.due)
                    await upsert_timer(raw, claimed.kind, claimed.key, due, claimed.payload, daily)
                await self._registry[claimed.kind](unit, claimed)
            timers_run_total.labels(claimed.kind).inc()
        except (
            OSError,
            asyncpg.InterfaceError,
            asyncpg.InternalClientError,
            asyncpg.PostgresConnectionError,
        ):
            raise
        except Exception as error:
            if claimed is None:
                raise
            logger.exception("timer failed", kind=claimed.kind, key=claimed.key)
            await self._postpone(claimed, repr(error))
        finally:
            current_trace.reset(token)
        return True

    async def _postpone(self, timer: Timer, reason: str) -> None:
        async with self._units("timers") as unit:
            raw = await unit.raw()
            await raw.execute(
                """
                UPDATE timers
                SET attempts_count = attempts_count + 1, last_error = $5,
                    next_attempt_at = $4::timestamptz
                        + make_interval(secs => least(power(2, least(attempts_count, 16)), $6::integer))
                WHERE kind = $1 AND key = $2 AND due = $3
                """,
                timer.kind,
                timer.key,
                timer.due,
                unit.now,
                reason[:500],
                RETRY_SECONDS_MAX,
            )
