"""The databases: what PostgreSQL they are on, and what waits, lags or is parked in them."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from datetime import datetime, timedelta

import asyncpg

from chassis.clock import Clock
from guildhall.doctor.finding import Finding, Level, well_or
from guildhall.embedded.schema_versions import found_schemas, newest_schemas
from guildhall.postgres.binaries import OLDEST_MAJOR_VERSION
from guildhall.postgres.roles import BUS, SERVICES
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

_LOCALES = """
SELECT datname FROM pg_database WHERE datname LIKE 'guildhall\\_%'
AND (datlocprovider <> 'b' OR datlocale <> 'C.UTF-8')
"""
_CONNECTIONS = """
SELECT current_setting('max_connections')::integer - current_setting('reserved_connections')::integer
       - current_setting('superuser_reserved_connections')::integer AS most,
       (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS used
"""
_DATABASE_TIME = "SELECT query_start FROM pg_stat_activity WHERE pid = pg_backend_pid()"
_PARKED = "SELECT count(*) AS events, min(parked_at) AS since FROM parked_events"
_WAITING = """
SELECT count(*) AS intents, min(created_at) AS since, max(last_error) AS error FROM intents
WHERE state = 'waiting' AND created_at < $1
"""
_UNRELAYED = "SELECT count(*) AS events, min(time) AS since FROM outbox WHERE NOT relayed AND time < $1"
_BELOW = """
SELECT name, max(low_water - greatest(o.position, facts_from)) AS gone FROM group_offsets o
JOIN consumer_groups ON id = group_id JOIN heads USING (partition)
WHERE greatest(o.position, facts_from) < low_water AND name = ANY($1::text[]) GROUP BY name ORDER BY name
"""


async def database_findings(
    urls: Mapping[str, str],
    settings: GuildhallSettings,
    clock: Clock,
    *,
    budgeted_connections: int,
    groups_of_facts: frozenset[str],
) -> AsyncGenerator[Finding]:
    """`urls`: the superuser's, by service and the bus'. `groups_of_facts`: groups that can lose something."""
    try:
        yield await _schemas(urls)
        async for finding in _cluster(urls[BUS], settings, clock, budgeted_connections):
            yield finding
        async for finding in _below_low_water(urls[BUS], groups_of_facts):
            yield finding
        for service in SERVICES:
            async for finding in _waiting(service, urls[service], settings, clock.now()):
                yield finding
    except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
        yield Finding(
            Level.BROKEN,
            "databases.readable",
            f"the databases cannot be read: {error}",
            "guildhall upgrade, where the schema is older; else see the error",
        )


async def _schemas(urls: Mapping[str, str]) -> Finding:
    try:
        found = await found_schemas(urls)
    except StartRefused as refusal:
        return Finding(Level.BROKEN, "databases.schema", refusal.line, "start the newer release")
    return well_or(
        Level.BROKEN,
        "databases.schema",
        holds=found == newest_schemas(),
        well="every database has this release's schema",
        ill="a database has an older schema than this release",
        mend="guildhall upgrade",
    )


async def _cluster(
    url: str, settings: GuildhallSettings, clock: Clock, budgeted_connections: int
) -> AsyncGenerator[Finding]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        version = await connection.fetchval("SHOW server_version")
        yield well_or(
            Level.BROKEN,
            "databases.version",
            holds=connection.get_server_version().major >= OLDEST_MAJOR_VERSION,
            well=f"PostgreSQL {version}",
            ill=f"PostgreSQL {version} is older than {OLDEST_MAJOR_VERSION}",
            mend=f"use PostgreSQL {OLDEST_MAJOR_VERSION} or newer",
        )
        others = [row["datname"] for row in await connection.fetch(_LOCALES)]
        yield well_or(
            Level.UNSAFE,
            "databases.locale",
            holds=not others,
            well="every database sorts by the builtin C.UTF-8",
            ill=f"{', '.join(others)} sort by another locale than the builtin C.UTF-8",
            mend="back up, and restore into databases that Guildhall makes",
        )
        row = await connection.fetchrow(_CONNECTIONS)
        assert row is not None
        yield well_or(
            Level.UNSAFE,
            "databases.connections",
            holds=budgeted_connections <= row["most"],
            well=f"{row['used']} connections of {row['most']}; the services may take {budgeted_connections}",
            ill=f"the services may take {budgeted_connections} connections; PostgreSQL gives {row['most']}",
            mend="raise max_connections (GUILDHALL_DATABASE_CONNECTIONS_MAX), or lower *_CONNECTIONS_MAX",
        )
        before = clock.now()
        there: datetime = await connection.fetchval(_DATABASE_TIME)
        yield clock_skew(before, there, clock.now(), settings.doctor_clock_skew_max_ms)
    finally:
        await connection.close()


def clock_skew(before: datetime, there: datetime, after: datetime, most_ms: int) -> Finding:
    """The database's time must lie between two looks at ours, but for the skew allowed."""
    skew = max(before - there, there - after, timedelta(0))
    milliseconds = round(skew.total_seconds() * 1_000)
    return well_or(
        Level.UNSAFE,
        "databases.clock",
        holds=milliseconds <= most_ms,
        well=f"the database's clock agrees within {milliseconds + 1} ms",
        ill=f"the database's clock differs by {milliseconds} ms",
        mend="let NTP keep both clocks",
    )


async def _below_low_water(url: str, groups: frozenset[str]) -> AsyncGenerator[Finding]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        rows = await connection.fetch(_BELOW, sorted(groups))
    finally:
        await connection.close()
    for row in rows:
        yield Finding(
            Level.BROKEN,
            "events.lost",
            f"the group {row['name']} has stopped: {row['gone']} events that it has not seen are gone",
            f"guildhall events rebuild --service {row['name']}, and read what it says first",
        )
    if not rows:
        yield Finding(Level.WELL, "events.lost", "no group has missed an event that is gone")


async def _waiting(
    service: str, url: str, settings: GuildhallSettings, now: datetime
) -> AsyncGenerator[Finding]:
    connection = await asyncpg.connect(url, timeout=10)
    try:
        parked = await connection.fetchrow(_PARKED)
        relayed_before = now - timedelta(seconds=settings.doctor_relay_lag_max_seconds)
        unrelayed = await connection.fetchrow(_UNRELAYED, relayed_before)
        answered_before = now - timedelta(seconds=settings.doctor_intent_wait_max_seconds)
        waiting = await connection.fetchrow(_WAITING, answered_before)
    finally:
        await connection.close()
    assert parked is not None and unrelayed is not None and waiting is not None
    yield well_or(
        Level.BROKEN,
        f"events.parked.{service}",
        holds=parked["events"] == 0,
        well=f"{service} has parked no event",
        ill=f"{service} has parked {parked['events']} events, the oldest at {parked['since']}",
        mend=f"guildhall events parked --service {service}; mend the error; guildhall events retry",
    )
    yield well_or(
        Level.UNSAFE,
        f"events.relayed.{service}",
        holds=unrelayed["events"] == 0,
        well=f"the outbox of {service} is on the bus",
        ill=f"{unrelayed['events']} events of {service} wait for the bus since {unrelayed['since']}",
        mend="start Guildhall, or see its log for why the bus does not answer",
    )
    yield well_or(
        Level.UNSAFE,
        f"intents.answered.{service}",
        holds=waiting["intents"] == 0,
        well=f"no intent of {service} waits long",
        ill=f"{waiting['intents']} intents of {service} wait since {waiting['since']}: {waiting['error']}",
        mend="start what does not answer; the reconciler does the rest",
    )
