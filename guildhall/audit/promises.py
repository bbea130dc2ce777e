"""What the audit says of each promise: the numbers that it looked at, and the rows that break it."""

from __future__ import annotations

import string
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

import asyncpg

if TYPE_CHECKING:
    from guildhall.audit.chain_reading import ChainReading

FINDINGS_SHOWN_MAX = 20


@dataclass(frozen=True, slots=True)
class Finding:
    """A row that breaks a promise, and the database that it is in.

    `row` holds keys and what moves with the row's own progress, so that two looks at a living system tell a
    row that is wrong from one that is on its way; other numbers are in `wrong`.
    """

    database: str
    row: str
    wrong: str


@dataclass(slots=True)
class Checked:
    """Numbers by name, and what is wrong; nothing is when `findings` is empty."""

    numbers: dict[str, int] = field(default_factory=dict[str, int])
    findings: list[Finding] = field(default_factory=list[Finding])

    def wrong(self, database: str, row: str, wrong: str) -> None:
        self.findings.append(Finding(database, row, wrong))

    def count(self, name: str, number: int) -> None:
        self.numbers[name] = self.numbers.get(name, 0) + number

    def add(self, other: Checked) -> None:
        """Take over what another check of the same promise saw."""
        for name, number in other.numbers.items():
            self.count(name, number)
        self.findings += other.findings


class House:
    """The databases as they are read: one connection each, by the service's name (and `bus`).

    `chain` is None where the chain is off, or no union has a bridge.
    """

    def __init__(
        self, connections: Mapping[str, asyncpg.Connection], now: datetime, chain: ChainReading | None = None
    ) -> None:
        self._connections = connections
        self.now = now
        self.chain = chain

    async def rows(self, database: str, query: str, *parameters: Any) -> list[asyncpg.Record]:
        """Inside a savepoint: a query that fails takes no other promise with it."""
        connection = self._connections[database]
        async with connection.transaction():
            return await connection.fetch(query, *parameters)

    async def number(self, database: str, query: str, *parameters: Any) -> int:
        """The one number that the query gives; 0 for none."""
        counted: int | None = (await self.rows(database, query, *parameters))[0][0]
        return counted or 0


Check = Callable[[House], Awaitable[Checked]]


@dataclass(frozen=True, slots=True)
class Promise:
    """A sentence of the design that a service keeps, and how it is held against its rows."""

    service: str
    name: str
    says: str
    check: Check


@dataclass(frozen=True, slots=True)
class NotChecked:
    """A promise that cannot be checked yet, and why."""

    service: str
    says: str
    why: str


async def none_of(
    house: House, checked: Checked, database: str, query: str, wrong: str, *parameters: Any
) -> None:
    """Every row of the query breaks the promise. `wrong` may show columns as `{column}`; the others name
    the row."""
    shown = {name for _, name, _, _ in string.Formatter().parse(wrong) if name}
    for row in await house.rows(database, query, *parameters):
        named = " ".join(f"{name}={value}" for name, value in row.items() if name not in shown)
        checked.wrong(database, named, wrong.format(**{name: row[name] for name in shown}))
