"""A connection of the ledger that is lost at a chosen statement, as when its process ends there."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Generator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

import asyncpg
import pytest

import chassis.unit_of_work
from chassis.database import driver_connection

if TYPE_CHECKING:
    from asyncpg.transaction import Transaction
    from sqlalchemy.ext.asyncio import AsyncConnection


OF_TRANSACTION = ("BEGIN", "COMMIT", "ROLLBACK")


class Moment(StrEnum):
    """Of the statement, seen by the process that ends."""

    BEFORE = "before"
    WHILE = "while"
    AFTER = "after"


@dataclass(slots=True)
class Break:
    """`at`: the place of the statement, counted from 0; none breaks nothing. `statements`: those that began.
    `logged_count`: what the driver itself counted, COPY left out."""

    at: int | None = None
    moment: Moment = Moment.BEFORE
    statements: list[str] = field(default_factory=list[str])
    logged_count: int = 0
    server_process_id: int | None = None
    """Of the connection that was lost."""


_present: ContextVar[Break | None] = ContextVar("_present", default=None)


@contextmanager
def breaking(at: Break) -> Generator[None]:
    """For what is asked within, and nothing that runs beside it."""
    token = _present.set(at)
    try:
        yield
    finally:
        _present.reset(token)


def install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every transaction that begins from now on is watched where something is `breaking`."""

    async def watched(connection: AsyncConnection) -> Any:
        raw, present = await driver_connection(connection), _present.get()
        return raw if present is None else _Breaking(raw, present)

    monkeypatch.setattr(chassis.unit_of_work, "driver_connection", watched)


class _Breaking:
    """Stands for the driver's connection."""

    def __init__(self, raw: asyncpg.Connection, at: Break) -> None:
        self._raw = raw
        self._at = at
        raw.add_query_logger(self._count)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._raw, name)

    async def execute(self, query: str, *parameters: Any) -> Any:
        return await self.step(query, lambda: self._raw.execute(query, *parameters))

    async def fetch(self, query: str, *parameters: Any) -> Any:
        return await self.step(query, lambda: self._raw.fetch(query, *parameters))

    async def fetchrow(self, query: str, *parameters: Any) -> Any:
        return await self.step(query, lambda: self._raw.fetchrow(query, *parameters))

    async def fetchval(self, query: str, *parameters: Any) -> Any:
        return await self.step(query, lambda: self._raw.fetchval(query, *parameters))

    async def copy_records_to_table(self, table: str, **what: Any) -> Any:
        return await self.step(f"COPY {table}", lambda: self._raw.copy_records_to_table(table, **what))

    async def copy_to_table(self, table: str, **what: Any) -> Any:
        return await self.step(f"COPY {table}", lambda: self._raw.copy_to_table(table, **what))

    def transaction(self) -> _BreakingTransaction:
        names = ("SAVEPOINT", "RELEASE", "ROLLBACK TO") if self._raw.is_in_transaction() else OF_TRANSACTION
        return _BreakingTransaction(self._raw.transaction(), self, names)

    async def step(self, statement: str, do: Callable[[], Awaitable[Any]]) -> Any:
        at = self._at
        is_here = at.at == len(at.statements)
        at.statements.append(statement)
        if is_here:
            at.server_process_id = self._raw.get_server_pid()
        if is_here and at.moment is Moment.BEFORE:
            self._lose()
        if is_here and at.moment is Moment.WHILE:
            doing = asyncio.ensure_future(do())
            await asyncio.sleep(0)
            with contextlib.suppress(asyncpg.PostgresError, asyncpg.InterfaceError, OSError):
                self._raw.terminate()
                await doing
            self._lose()
        done = await do()
        if is_here:
            self._lose()
        return done

    def stop_counting(self) -> None:
        """Others use the connection from now on."""
        self._raw.remove_query_logger(self._count)

    def _lose(self) -> None:
        self._raw.terminate()
        raise ConnectionResetError(f"lost {self._at.moment} {self._at.statements[-1]}")

    def _count(self, _: Any) -> None:
        self._at.logged_count += 1


class _BreakingTransaction:
    def __init__(self, transaction: Transaction, connection: _Breaking, names: tuple[str, str, str]) -> None:
        self._transaction = transaction
        self._connection = connection
        self._begin, self._commit, self._rollback = names

    async def start(self) -> None:
        await self._connection.step(self._begin, self._transaction.start)

    async def commit(self) -> None:
        await self._connection.step(self._commit, self._transaction.commit)
        if self._commit == OF_TRANSACTION[1]:
            self._connection.stop_counting()

    async def rollback(self) -> None:
        await self._connection.step(self._rollback, self._transaction.rollback)

    async def __aenter__(self) -> None:
        await self.start()

    async def __aexit__(self, kind: type[BaseException] | None, *_: object) -> None:
        await (self.commit() if kind is None else self.rollback())
