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
    acceptances,
    acts,
    admission,
    allotments,
    at_rest,
    binding,
    bridge,
    business_accounts,
    businesses,
    debits,
    erasure,
    events,
    exclusion,
    fees,
    funding,
    graph,
    identity,
    journal,
    ledger,
    market,
    offices,
    operators,
    pending,
    profiles,
    recovery,
    roles,
    said,
    schedules,
    succession,
    supply,
    treasury,
)
from guildhall.audit.chain_reading import ChainReading, NodeAddress, reading_chain
from guildhall.audit.kafka_mirror import KafkaUnreadable, mirror
from guildhall.audit.promises import Check, Checked, Finding, House, NotChecked, Promise
from guildhall.postgres.roles import BUS
from services.ledger.bridge.chain.errors import ChainUnavailable

PROMISES: tuple[Promise, ...] = (
    *identity.PROMISES,
    *acceptances.PROMISES,
    *recovery.PROMISES,
    *exclusion.PROMISES,
    *succession.PROMISES,
    *offices.PROMISES,
    *businesses.PROMISES,
    *operators.PROMISES,
    *profiles.PROMISES,
    *admission.PROMISES,
    *acts.PROMISES,
    *binding.PROMISES,
    *graph.PROMISES,
    *market.PROMISES,
    *ledger.PROMISES,
    *journal.PROMISES,
    *debits.PROMISES,
    *supply.PROMISES,
    *fees.PROMISES,
    *treasury.PROMISES,
    *business_accounts.PROMISES,
    *at_rest.PROMISES,
    *allotments.PROMISES,
    *pending.PROMISES,
    *schedules.PROMISES,
    *funding.PROMISES,
    *events.PROMISES,
    *said.PROMISES,
    *erasure.PROMISES,
    *roles.PROMISES,
)
NOT_CHECKED = (
    NotChecked("identity", "who is out is out within a second", "a matter of time, not of rows: tests"),
    NotChecked(
        "graph",
        "fakes behind k backlinks gain at most the stated bound",
        "a property of the method, not of rows: tests",
    ),
    NotChecked("graph", "incremental equals full", "lives in memory: tests compare the two"),
    NotChecked("graph", "every figure can be explained", "an answer of the interface: tests"),
    NotChecked("market", "reviews only from settled agreements", "reviews are not built yet"),
    NotChecked("funding", "matching conserves the pool to the unit", "matching rounds are not built yet"),
    NotChecked("funding", "shares of a levy differ by at most one unit", "levies are not built yet"),
    NotChecked("house", "the act log says what was done", "its rows are not chained: roles keep it alone"),
)
BRIDGE_NOT_CHECKED = "no union has a bridge, or the chain is off or does not answer"
LOOKS_MAX = 6
PAUSE_SECONDS = 1.0


@dataclass(frozen=True, slots=True)
class _Places:
    """What one look reads from."""

    urls: Mapping[str, str]
    clock: Clock
    chain: ChainReading | None
    kafka_url: str | None


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
    urls: Mapping[str, str],
    clock: Clock,
    looks_max: int = LOOKS_MAX,
    kafka_url: str | None = None,
    node: NodeAddress | None = None,
) -> list[Verdict]:
    """Check every promise on the databases at these URLs, by service (and `bus`). Raises Unreadable.

    `kafka_url`: the cluster, as its operator, where the bus is there. The promises of the bridge need a node
    that answers; without one they are left out.
    """
    async with reading_chain(urls["ledger"], node) as chain:
        return await _audit(_Places(urls, clock, chain, kafka_url), looks_max)


async def _audit(places: _Places, looks_max: int) -> list[Verdict]:
    promises = PROMISES if places.chain is None else (*PROMISES, *bridge.PROMISES)
    verdicts = {verdict.promise.name: verdict for verdict in await _fresh_look(places, promises)}
    for _ in range(looks_max - 1):
        broken = [verdict.promise for verdict in verdicts.values() if not verdict.holds]
        if not broken:
            break
        await asyncio.sleep(PAUSE_SECONDS)
        for again in await _fresh_look(places, broken):
            name = again.promise.name
            verdicts[name] = _persisting(verdicts[name], again)
    return list(verdicts.values())


def _persisting(before: Verdict, after: Verdict) -> Verdict:
    """What is still wrong with the rows that were wrong before."""
    known = {(finding.database, finding.row) for finding in before.checked.findings}
    kept = [finding for finding in after.checked.findings if (finding.database, finding.row) in known]
    return Verdict(after.promise, Checked(after.checked.numbers, kept))


async def _fresh_look(places: _Places, promises: Iterable[Promise]) -> list[Verdict]:
    async with _snapshots(places) as house:
        return await look(house, promises)


def not_checked(verdicts: Iterable[Verdict]) -> list[NotChecked]:
    """What nobody could check: what is not built yet, what contracts signed, the bridge without its chain."""
    seen = {verdict.promise.name: verdict for verdict in verdicts}
    unseen = [promise for promise in bridge.PROMISES if promise.name not in seen]
    left_open = [look(seen[name].checked) for name, look in acts.LEFT_OPEN.items() if name in seen]
    return [
        *NOT_CHECKED,
        *(one for one in left_open if one is not None),
        *(NotChecked(promise.service, promise.says, BRIDGE_NOT_CHECKED) for promise in unseen),
    ]


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
    except ChainUnavailable as error:
        return Checked(findings=[Finding("-", "the chain", f"cannot be read any more: {error}")])
    except (asyncpg.PostgresError, ValueError, TypeError, LookupError, ArithmeticError) as error:
        return Checked(findings=[Finding("-", "-", f"cannot be read: {type(error).__name__}: {error}")])


@asynccontextmanager
async def _snapshots(places: _Places) -> AsyncGenerator[House]:
    """The bus is looked at last: what the services said before is on it."""
    async with AsyncExitStack() as stack:
        connections: dict[str, asyncpg.Connection] = {}
        for name, url in places.urls.items():
            try:
                connections[name] = await _snapshot(stack, url, places.kafka_url if name == BUS else None)
            except (asyncpg.PostgresError, asyncpg.InterfaceError, OSError) as error:
                raise Unreadable(f"the database of {name} cannot be read: {error}") from error
            except KafkaUnreadable as error:
                raise Unreadable(str(error)) from error
        yield House(connections, places.clock.now(), places.chain)


async def _snapshot(stack: AsyncExitStack, url: str, kafka_url: str | None) -> asyncpg.Connection:
    connection = await asyncpg.connect(url, timeout=10)
    stack.push_async_callback(connection.close)
    if kafka_url is not None:
        await mirror(connection, kafka_url)
    await stack.enter_async_context(connection.transaction(isolation="repeatable_read", readonly=True))
    await connection.execute("SELECT")
    return connection
