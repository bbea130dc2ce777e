"""One transaction: state, events, intents, timers and the act log commit together or not at all.

The connection is taken at the first statement, so that a request refused before it costs none. The outbox is
written by the last statements before COMMIT (design, decision 2).
"""

from __future__ import annotations

from collections.abc import AsyncGenerator, Awaitable, Callable, Generator, Mapping, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

import asyncpg
import orjson
from sqlalchemy import CursorResult, Executable, RowMapping
from sqlalchemy.ext.asyncio import AsyncConnection

from chassis import act_log, outbox
from chassis.clock import Clock
from chassis.database import Database, driver_connection
from chassis.ids import IdSource
from chassis.read_pool import ReadPool
from chassis.telemetry.trace import Trace, current_trace, trace_now
from events.declaration import Event

if TYPE_CHECKING:
    from asyncpg.transaction import Transaction

    from chassis.intents import Intent

Parameters = Mapping[str, Any] | Sequence[Mapping[str, Any]] | None


@dataclass(frozen=True, slots=True)
class RecordedIntent:
    """An intent of this transaction: to be settled once it is committed."""

    id: UUID
    resource: str
    fresh: Intent | None
    """None for one that was recorded before: the stored one counts."""


@dataclass(frozen=True, slots=True)
class PublishedEvent:
    """An event of this transaction: told to the client so that it reads its own writes."""

    type: str
    id: UUID


class UnitOfWork:
    """State and everything that follows from it, in one transaction.

    `now` is the one time that a use case knows. `actor` is written to the act log.
    """

    def __init__(
        self, database: Database, clock: Clock, ids: IdSource, *, actor: str, read_only: bool = False
    ) -> None:
        self.now: datetime = clock.now()
        self.ids = ids
        self.actor = actor
        self.read_only = read_only
        self.intents: list[RecordedIntent] = []
        self.published: list[PublishedEvent] = []
        self._database = database
        self._turns = database.read_turns if read_only else database.write_turns
        self._connection: AsyncConnection | None = None
        self._raw: asyncpg.Connection | None = None
        self._transaction: Transaction | None = None
        self._events: list[outbox.OutboxRow] = []
        self._acts: list[act_log.ActRow] = []
        self._after_commit: list[Callable[[], object]] = []

    async def connect(self) -> AsyncConnection:
        """The connection, with the transaction begun; reads run each statement on its own."""
        if self._connection is None:
            await self._turns.take()
            try:
                self._connection = await self._begun()
            except BaseException:
                self._turns.give()
                raise
        return self._connection

    async def _begun(self) -> AsyncConnection:
        engine = self._database.reads if self.read_only else self._database.writes
        connection = await engine.connect()
        try:
            self._raw = await driver_connection(connection)
            while self._raw.is_closed():
                await connection.invalidate()
                await connection.close()
                connection = await engine.connect()
                self._raw = await driver_connection(connection)
            if not self.read_only:
                self._transaction = self._raw.transaction()
                await self._transaction.start()
        except BaseException:
            await connection.close()
            raise
        return connection

    async def raw(self) -> asyncpg.Connection:
        """The driver's connection, in the same transaction, for hot paths.

        JSON parameters are text (`$1::jsonb`), JSON results come decoded. A read runs each statement on its
        own: what it gets is the pool of raw connections, so that it holds none between two statements.
        """
        if self.read_only:
            return cast("asyncpg.Connection", self.hot_reads())
        await self.connect()
        assert self._raw is not None
        return self._raw

    async def raw_reads(self) -> asyncpg.Connection:
        """For what is looked up before the first write: the open transaction, or else, while there is none,
        the pool of raw reads, so that a call to another service in between holds no connection."""
        if self.has_begun:
            return await self.raw()
        return cast("asyncpg.Connection", self.hot_reads())

    @asynccontextmanager
    async def attempt(self) -> AsyncGenerator[None]:
        """A part of the transaction that may fail alone: where it raises, what it wrote is taken back."""
        raw = await self.raw()
        async with raw.transaction():
            yield

    @property
    def has_begun(self) -> bool:
        """Whether its transaction is open."""
        return self._transaction is not None

    def hot_reads(self) -> ReadPool:
        """A raw pool for one-statement reads that need no transaction."""
        return self._database.hot_reads()

    async def execute(self, statement: Executable, parameters: Parameters = None) -> CursorResult[Any]:
        connection = await self.connect()
        return await connection.execute(statement, parameters)

    async def fetch_all(self, statement: Executable, parameters: Parameters = None) -> Sequence[RowMapping]:
        return (await self.execute(statement, parameters)).mappings().all()

    async def fetch_one(self, statement: Executable, parameters: Parameters = None) -> RowMapping | None:
        """The one row, or None; more than one is a defect and raises."""
        return (await self.execute(statement, parameters)).mappings().one_or_none()

    def publish(self, event: Event, *, is_awaited: bool = True, written: bytes | None = None) -> UUID:
        """Keep an event for the outbox; returns its id. Raises EventTooLarge, EventKeyTooLong.

        `is_awaited`: the client's next reads wait for it; not what is for others alone. `written`: the event
        as JSON, where it was written already.
        """
        event_id = self.ids.new()
        trace = trace_now()
        self._events.append(
            outbox.OutboxRow(
                event_id=event_id,
                type=event.declaration.type,
                key=event.key(),
                time=self.now,
                data=written or event.model_dump_json().encode(),
                traceparent=trace.traceparent,
                causation_id=trace.causation_id,
                correlation_id=trace.correlation_id,
            )
        )
        if is_awaited:
            self.published.append(PublishedEvent(event.declaration.type, event_id))
        return event_id

    @property
    def has_events(self) -> bool:
        return bool(self._events)

    def record_act(
        self,
        right: str,
        subject: str,
        changed: Mapping[str, object],
        *,
        union_id: UUID | None = None,
        on_behalf_of: str | None = None,
        charter_version: int | None = None,
    ) -> None:
        """Keep a line for the act log: by which right or rule, on what, what changed."""
        self._acts.append(
            act_log.ActRow(
                self.actor,
                trace_now(),
                right,
                subject,
                orjson.dumps(changed, default=str).decode(),
                union_id,
                on_behalf_of,
                charter_version,
            )
        )

    @contextmanager
    def acting(self, actor: str, trace: Trace) -> Generator[None]:
        """What is recorded and published within is another's doing: several may share a transaction."""
        before, self.actor = self.actor, actor
        token = current_trace.set(trace)
        try:
            yield
        finally:
            current_trace.reset(token)
            self.actor = before

    async def record_intent(self, kind: str, key: str, payload: Mapping[str, object], resource: str) -> UUID:
        """Write the intent to call another service (decision 6, step a); returns its id.

        The id derives from kind and key: recording the same again is one intent. `resource` is the path of
        what waits for the answer.
        """
        from chassis.intents import Intent, insert_intent, intent_id_of

        intent_id = intent_id_of(kind, key)
        plain = orjson.loads(orjson.dumps(payload, default=str))
        inserted = await insert_intent(await self.raw(), self.now, kind, key, plain, resource)
        fresh = Intent(intent_id, kind, key, plain, resource, self.now) if inserted else None
        self.intents.append(RecordedIntent(intent_id, resource, fresh))
        return intent_id

    async def set_timer(
        self, kind: str, key: str, due: datetime, payload: Mapping[str, object] | None = None
    ) -> None:
        """Run the handler of `kind` once at `due`; setting it again moves it."""
        from chassis.timers import upsert_timer

        await upsert_timer(await self.raw(), kind, key, due, payload or {})

    async def cancel_timer(self, kind: str, key: str) -> None:
        from chassis.timers import delete_timer

        await delete_timer(await self.raw(), kind, key)

    def after_commit(self, call: Callable[[], object]) -> None:
        """Call this once the transaction is committed: wake-ups only, never effects."""
        self._after_commit.append(call)

    async def commit(self) -> None:
        """Act log, then outbox, then COMMIT; afterwards the wake-ups."""
        if self._transaction is not None:
            raw = await self.raw()
            if self._acts:
                await act_log.write(raw, self.now, self._acts)
            if self._events:
                await outbox.write(raw, self._events)
            await self._transaction.commit()
            self._transaction = None
        elif self._events or self._acts:
            await self.connect()
            if self.read_only:
                raise RuntimeError("a read published an event")
            return await self.commit()
        calls, self._after_commit = self._after_commit, []
        for call in calls:
            call()
        return None

    async def rollback(self) -> None:
        if self._transaction is not None:
            transaction, self._transaction = self._transaction, None
            assert self._raw is not None
            if not self._raw.is_closed():
                await transaction.rollback()

    async def close(self) -> None:
        """Give the connection back; what was not committed is rolled back.

        What would have been called refers to the unit: let go, its events go with it, not when the garbage
        collector comes by.
        """
        self._after_commit = []
        if self._connection is None:
            return
        connection, self._connection = self._connection, None
        try:
            await self.rollback()
            if self._raw is not None and self._raw.is_closed():
                await connection.invalidate()
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError, asyncpg.InternalClientError):
            await connection.invalidate()
        finally:
            try:
                await connection.close()
            finally:
                self._turns.give()

    async def __aenter__(self) -> UnitOfWork:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                await self.commit()
        finally:
            await self.close()


UnitFactory = Callable[[str], UnitOfWork]
"""Opens a unit of work for an actor."""

Work = Callable[[UnitOfWork], Awaitable[None]]
