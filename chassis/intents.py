"""Money moves by recorded intent (design, decision 6).

(a) a transaction writes the intent and the state that waits for it; (b) the other service is called, no
transaction open, no connection held; (c) a transaction stores the answer, first answer wins, and its effect.
The reconciler finishes what a crash left between them.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Any
from uuid import UUID

import asyncpg
import orjson
import structlog

from chassis.ids import derived_id
from chassis.outages import is_outage
from chassis.peers import Peers, PeerUnavailable
from chassis.telemetry.metrics import intents_settled_total
from chassis.telemetry.trace import Trace, current_trace, new_trace, trace_now
from chassis.telemetry.tracing import traced

if TYPE_CHECKING:
    from chassis.clock import Clock
    from chassis.settings import ServiceSettings
    from chassis.unit_of_work import PublishedEvent, RecordedIntent, UnitFactory, UnitOfWork

logger = structlog.get_logger(__name__)

INTENT_NAMESPACE = UUID("6f0d7f0e-9a0b-5a43-8c5b-6d1c0e2f7a11")
FIRST_RECONCILIATION_SECONDS = 10
RECONCILED_AT_ONCE_MAX = 100


class Outcome(StrEnum):
    """The definite answer to an intent."""

    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Intent:
    """What was recorded: `payload` is all that the call needs."""

    id: UUID
    kind: str
    key: str
    payload: Mapping[str, Any]
    resource: str
    created_at: datetime


@dataclass(frozen=True, slots=True)
class Answer:
    """A definite answer; `code` says why it was refused."""

    outcome: Outcome
    code: str = ""
    body: Mapping[str, Any] = field(default_factory=dict[str, Any])


@dataclass(frozen=True, slots=True)
class Settlement:
    """An intent that has its answer, with the events that its effect published."""

    answer: Answer
    published: tuple[PublishedEvent, ...]


IntentCall = Callable[[Intent, Peers], Awaitable[Answer]]
IntentEffect = Callable[["UnitOfWork", Intent, Answer], Awaitable[None]]


class Intents:
    """The kinds of intents that a service records, each with its call and its effect."""

    def __init__(self) -> None:
        self._kinds: dict[str, tuple[IntentCall, IntentEffect]] = {}

    def add(self, kind: str, call: IntentCall, effect: IntentEffect) -> None:
        if kind in self._kinds:
            raise ValueError(f"the intent {kind} has a call and an effect already")
        self._kinds[kind] = (call, effect)

    def __getitem__(self, kind: str) -> tuple[IntentCall, IntentEffect]:
        return self._kinds[kind]


def intent_id_of(kind: str, key: str) -> UUID:
    """The id of an intent: the same for the same kind and key."""
    return derived_id(INTENT_NAMESPACE, kind, key)


async def insert_intent(
    raw: asyncpg.Connection,
    now: datetime,
    kind: str,
    key: str,
    payload: Mapping[str, object],
    resource: str,
) -> bool:
    """Record once; False for an intent that exists, which stays as it is."""
    trace = trace_now()
    inserted = await raw.fetchval(
        """
        INSERT INTO intents (id, kind, key, payload, resource, state, next_attempt_at, traceparent,
                             correlation_id, created_at)
        VALUES ($1, $2, $3, $4::jsonb, $5, 'waiting', $6, $7, $8, $9)
        ON CONFLICT (kind, key) DO NOTHING RETURNING true
        """,
        intent_id_of(kind, key),
        kind,
        key,
        orjson.dumps(payload, default=str).decode(),
        resource,
        now + timedelta(seconds=FIRST_RECONCILIATION_SECONDS),
        trace.traceparent,
        trace.correlation_id,
        now,
    )
    return bool(inserted)


class IntentSettler:
    """Carries recorded intents to their answer: at once after the request, later by the reconciler."""

    def __init__(
        self,
        registry: Intents,
        units: UnitFactory,
        peers: Peers,
        clock: Clock,
        settings: ServiceSettings,
        service: str | None = None,
    ) -> None:
        self._service = service
        self._registry = registry
        self._units = units
        self._peers = peers
        self._clock = clock
        self._settings = settings
        self._running: dict[UUID, asyncio.Task[Settlement | None]] = {}

    def start(self, recorded: Iterable[RecordedIntent]) -> None:
        """Begin to settle, in the background, what a transaction has just committed."""
        for intent in recorded:
            self._begin(intent.id, intent.fresh)

    def _begin(self, intent_id: UUID, fresh: Intent | None = None) -> asyncio.Task[Settlement | None]:
        """The same intent is settled once at a time in this process."""
        task = self._running.get(intent_id)
        if task is None:
            task = asyncio.create_task(self._settle_logged(intent_id, fresh), name=f"intent {intent_id}")
            self._running[intent_id] = task
            task.add_done_callback(lambda _: self._running.pop(intent_id, None))
        return task

    async def wait(self, intent_ids: Iterable[UUID]) -> list[Settlement | None]:
        """Settle and wait up to the setting; None for an intent that has no answer yet."""
        tasks = [self._begin(intent_id) for intent_id in intent_ids]
        if tasks:
            await asyncio.wait(tasks, timeout=self._settings.intent_wait_ms / 1_000)
        return [task.result() if task.done() else None for task in tasks]

    async def _settle_logged(self, intent_id: UUID, fresh: Intent | None) -> Settlement | None:
        try:
            return await self.settle(intent_id, fresh)
        except Exception as error:
            if is_outage(error):
                logger.warning("intent waits", intent=str(intent_id), reason=repr(error))
                return None
            logger.exception("intent failed", intent=str(intent_id))
            await self._postpone(intent_id, repr(error))
        return None

    async def settle(self, intent_id: UUID, fresh: Intent | None = None) -> Settlement | None:
        """Call and store the answer; None while the other service gives no definite one.

        `fresh` is the intent as this process has just recorded it.
        """
        intent, trace = fresh, trace_now()
        if intent is None:
            loaded = await self._load(intent_id)
            if loaded is None:
                return None
            intent, stored, trace = loaded
            if stored is not None:
                return Settlement(stored, ())
        token = current_trace.set(trace)
        try:
            with traced(f"intent {intent.kind}", service=self._service) as span:
                call, _ = self._registry[intent.kind]
                try:
                    answer = await call(intent, self._peers)
                except PeerUnavailable as error:
                    await self._postpone(intent_id, str(error))
                    return None
                span.set_attribute("guildhall.outcome", answer.outcome.value)
                return await self._store(intent, answer)
        finally:
            current_trace.reset(token)

    async def _store(self, intent: Intent, answer: Answer) -> Settlement:
        async with self._units(f"intent:{intent.kind}") as unit:
            raw = await unit.raw()
            won = await raw.fetchval(
                """
                UPDATE intents SET state = $2, answer = $3::jsonb, answered_at = $4
                WHERE id = $1 AND state = 'waiting' RETURNING true
                """,
                intent.id,
                answer.outcome.value,
                orjson.dumps({"code": answer.code, "body": answer.body}, default=str).decode(),
                unit.now,
            )
            if won:
                _, effect = self._registry[intent.kind]
                await effect(unit, intent, answer)
        if not won:
            loaded = await self._load(intent.id)
            if loaded is not None and loaded[1] is not None:
                return Settlement(loaded[1], ())
        if won:
            intents_settled_total.labels(intent.kind, answer.outcome.value).inc()
        return Settlement(answer, tuple(unit.published))

    async def _load(self, intent_id: UUID) -> tuple[Intent, Answer | None, Trace] | None:
        async with self._units("intents") as unit:
            raw = await unit.raw()
            row = await raw.fetchrow("SELECT * FROM intents WHERE id = $1", intent_id)
        if row is None:
            return None
        intent = Intent(
            row["id"],
            row["kind"],
            row["key"],
            row["payload"],
            row["resource"],
            row["created_at"],
        )
        trace = new_trace("intents")
        if row["traceparent"] is not None:
            trace = Trace(row["traceparent"], row["correlation_id"], None, row["correlation_id"], "intents")
        if row["state"] == "waiting":
            return intent, None, trace
        stored = row["answer"]
        return intent, Answer(Outcome(row["state"]), stored["code"], stored["body"]), trace

    async def _postpone(self, intent_id: UUID, reason: str) -> None:
        base, most = self._settings.intent_retry_seconds, self._settings.intent_retry_max_seconds
        async with self._units("intents") as unit:
            raw = await unit.raw()
            attempts = await raw.fetchval("SELECT attempts_count FROM intents WHERE id = $1", intent_id) or 0
            pause = timedelta(seconds=min(base * 2 ** min(attempts, 16), most))
            await raw.execute(
                """
                UPDATE intents SET attempts_count = attempts_count + 1, next_attempt_at = $2, last_error = $3
                WHERE id = $1 AND state = 'waiting'
                """,
                intent_id,
                unit.now + pause,
                reason[:500],
            )

    async def reconcile(self) -> int:
        """Settle every intent whose next attempt is due; returns how many got their answer."""
        async with self._units("intents") as unit:
            raw = await unit.raw()
            rows = await raw.fetch(
                """
                SELECT id FROM intents WHERE state = 'waiting' AND next_attempt_at <= $1
                ORDER BY next_attempt_at LIMIT $2
                """,
                unit.now,
                RECONCILED_AT_ONCE_MAX,
            )
        answered = await asyncio.gather(*(self._begin(row["id"]) for row in rows))
        return sum(settlement is not None for settlement in answered)

    async def stop(self) -> None:
        """Let what is under way end; what does not is left to the reconciler of the next start."""
        running = list(self._running.values())
        if running:
            _, late = await asyncio.wait(running, timeout=self._settings.peer_timeout_seconds)
            for task in late:
                task.cancel()
