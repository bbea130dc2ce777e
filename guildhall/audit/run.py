"""One audit: snapshots of all databases, every promise, and a second look at what seemed wrong.

The databases are not of one instant, so on a live system two of them may be read a moment apart. What is
wrong at the first look is looked at again, in later snapshots; only what is wrong at every look is reported.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass

import asyncpg

from chassis.clock import Clock
from guildhall.audit import (
    acts,
    binding,
    debits,
    events,
    funding,
    graph,
    identity,
    journal,
    ledger,
    market,
    roles,
    said,
)
from guildhall.audit.kafka_mirror import KafkaUnreadable, mirror
from guildhall.audit.promises import Check, Checked, Finding, House, NotChecked, Promise
from guildhall.postgres.roles import BUS

PROMISES: tuple[Promise, ...] = (
    *identity.PROMISES,
    *acts.PROMISES,
    *binding.PROMISES,
    *graph.PROMISES,
    *market.PROMISES,
    *ledger.PROMISES,
    *journal.PROMISES,
    *debits.PROMISES,
    *funding.PROMISES,
    *events.PROMISES,
    *said.PROMISES,
    *roles.PROMISES,
)
NOT_CHECKED = (
    NotChecked("identity", "a lost key does not lose the person", "recovery is not built yet"),
    NotChecked("identity", "nobody holds a right that no living grant gives", "offices are not built yet"),
    NotChecked("identity", "who is out is out within a second", "the revocation log is not built yet"),
    NotChecked(
        "graph",
        "fakes behind k backlinks gain at most the stated bound",
        "a property of the method, not of rows: tests",
    ),
    NotChecked("graph", "incremental equals full", "lives in memory: tests compare the two"),
    NotChecked("graph", "every figure can be explained", "an answer of the interface: tests"),
    NotChecked("market", "reviews only from settled agreements", "reviews are not built yet"),
    NotChecked("ledger", "what is owed never exceeds what the vault holds", "the bridge is not built yet"),
    NotChecked("funding", "matching conserves the pool to the unit", "matching rounds are not built yet"),
    NotChecked("funding", "shares of a levy differ by at most one unit", "levies are not built yet"),
    NotChecked("house", "the act log says what was done", "its rows are not chained: roles keep it alone"),
)
LOOKS_MAX = 6
PAUSE_SECONDS = 1.0


class Unreadable(Exception):
    """The databases cannot be read; says so in one line."""


@dataclass(frozen=True, slots=True)
class Verdict:
    """A promise with what was seen of it."""

    promise: Promise
    checked: Checked

    @property
    def holds(self) -> bool:
        return not self.checked.findings


async def audit(
    urls: Mapping[str, str], clock: Clock, looks_max: int = LOOKS_MAX, kafka_url: str | None = None
) -> list[Verdict]:
    """Check every promise on the databases at these URLs, by service (and `bus`). Raises Unreadable.

    `kafka_url`: the cluster, as its operator, where the bus is there.
    """
    first = await _fresh_look(urls, clock, PROMISES, kafka_url)
    verdicts = {verdict.promise.name: verdict for verdict in first}
    for _ in range(looks_max - 1):
        broken = [verdict.promise for verdict in verdicts.values() if not verdict.holds]
        if not broken:
            break
        await asyncio.sleep(PAUSE_SECONDS)
        for again in await _fresh_look(urls, clock, broken, kafka_url):
            name = again.promise.name
            verdicts[name] = _persisting(verdicts[name], again)
    return list(verdicts.values())


def _persisting(before: Verdict, after: Verdict) -> Verdict:
    """What is still wrong with the rows that were wrong before."""
    known = {(finding.database, finding.row) for finding in before.checked.findings}
    kept = [finding for finding in after.checked.findings if (finding.database, finding.row) in known]
    return Verdict(after.promise, Checked(after.checked.numbers, kept))


async def _fresh_look(
    urls: Mapping[str, str], clock: Clock, promises: Iterable[Promise], kafka_url: str | None
) -> list[Verdict]:
    async with _snapshots(urls, clock, kafka_url) as house:
        return await look(house, promises)


async def look(house: House, promises: Iterable[Promise] = PROMISES) -> list[Verdict]:
    """What the rows say at this moment. Raises Unreadable."""
    return [Verdict(promise, await _checked(house, promise.check)) for promise in promises]


async def _checked(house: House, check: Check) -> Checked:
    """A row that no rule of its service could have written may also be one that the check cannot read."""
    try:
        return await check(house)
    except (asyncpg.UndefinedTableError, asyncpg.UndefinedColumnError) as error:
        raise Unreadable(f"the schema is not this release's ({error}): run guildhall migrate") from error
    except (asyncpg.InterfaceError, asyncpg.PostgresConnectionError, OSError) as error:
        raise Unreadable(f"the databases cannot be read: {error}") from error
    except (asyncpg.PostgresError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        return Checked(findings=[Finding("-", "-", f"cannot be read: {type(error).__name__}: {error}")])


@asynccontextmanager
async def _snapshots(urls: Mapping[str, str], clock: Clock, kafka_url: str | None) -> AsyncGenerator[House]:
    """The bus is looked at last: what the services said before is on it."""
    async with AsyncExitStack() as stack:
        connections: dict[str, asyncpg.Connection] = {}
        for name, url in urls.items():
            try:
                connections[name] = await _snapshot(stack, url, kafka_url if name == BUS else None)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                raise Unreadable(f"the database of {name} cannot be read: {error}") from error
            except KafkaUnreadable as error:
                raise Unreadable(str(error)) from error
        yield House(connections, clock.now())


async def _snapshot(stack: AsyncExitStack, url: str, kafka_url: str | None) -> asyncpg.Connection:
    connection = await asyncpg.connect(url, timeout=10)
    stack.push_async_callback(connection.close)
    if kafka_url is not None:
        await mirror(connection, kafka_url)
    await stack.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
    await connection.execute("SELECT")
    return connection
