"""The tables of the bus' database and their versions.

`log` holds every event for the days of its retention; `states` the newest event of each state key for ever.
Positions are gapless per partition and shared by both, so that a reader passes from one to the other.
"""

from __future__ import annotations

import asyncpg

PARTITIONS_COUNT = 16
_MIGRATION_LOCK = 7_105_231_962_408_337
_EVENT_COLUMNS = """
    partition integer NOT NULL,
    position bigint NOT NULL,
    event_id uuid NOT NULL,
    source text NOT NULL,
    type text NOT NULL,
    key text NOT NULL,
    is_state boolean NOT NULL,
    sequence bigint NOT NULL,
    time timestamptz NOT NULL,
    data bytea NOT NULL,
    traceparent text,
    causation_id text,
    correlation_id text,
    appended_on date NOT NULL"""

_FIRST = f"""
CREATE TABLE heads (
    partition integer PRIMARY KEY,
    position bigint NOT NULL DEFAULT 0,
    low_water bigint NOT NULL DEFAULT 0,
    appended_on date NOT NULL DEFAULT '1970-01-01'
) WITH (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
INSERT INTO heads (partition) SELECT generate_series(0, {PARTITIONS_COUNT - 1});

CREATE TABLE log ({_EVENT_COLUMNS},
    PRIMARY KEY (partition, position, appended_on)
) PARTITION BY RANGE (appended_on);
CREATE TABLE log_default PARTITION OF log DEFAULT;

CREATE TABLE states ({_EVENT_COLUMNS},
    PRIMARY KEY (source, type, key)
);
CREATE UNIQUE INDEX states_in_order ON states (partition, position);

CREATE TABLE consumer_groups (
    id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    name text NOT NULL UNIQUE
);
CREATE TABLE group_offsets (
    group_id integer NOT NULL REFERENCES consumer_groups,
    partition integer NOT NULL REFERENCES heads,
    position bigint NOT NULL,
    facts_from bigint NOT NULL,
    PRIMARY KEY (group_id, partition)
) WITH (fillfactor = 20, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 500);
"""
_COLUMNS = (
    "partition, position, event_id, source, type, key, is_state, sequence, time, data, "
    "traceparent, causation_id, correlation_id, appended_on"
)
# One call is one transaction of one round trip, so that the heads are locked for as short as can be. They
# are locked in ascending order, so that appends never wait for each other in a circle; and positions are
# drawn by the next statement, whose snapshot has what the last holder committed.
_APPEND = f"""
CREATE FUNCTION append_events(
    partitions integer[], event_ids uuid[], sources text[], types text[], keys text[], are_states boolean[],
    sequences bigint[], times timestamptz[], datas bytea[], traceparents text[], causation_ids text[],
    correlation_ids text[], today date
) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM heads WHERE partition = ANY(partitions) ORDER BY partition FOR UPDATE;
    WITH given AS (
        SELECT row.*, heads.position + row_number() OVER (PARTITION BY row.partition ORDER BY row.number)
            AS position, today AS appended_on
        FROM unnest(partitions, event_ids, sources, types, keys, are_states, sequences, times, datas,
                    traceparents, causation_ids, correlation_ids) WITH ORDINALITY
          AS row (partition, event_id, source, type, key, is_state, sequence, time, data, traceparent,
                  causation_id, correlation_id, number)
        JOIN heads ON heads.partition = row.partition
    ), written AS (
        INSERT INTO log ({_COLUMNS}) SELECT {_COLUMNS} FROM given ORDER BY number
    ), kept AS (
        INSERT INTO states AS kept ({_COLUMNS})
        SELECT DISTINCT ON (source, type, key) {_COLUMNS} FROM given
        WHERE is_state ORDER BY source, type, key, sequence DESC
        ON CONFLICT (source, type, key) DO UPDATE SET
            partition = excluded.partition, position = excluded.position, event_id = excluded.event_id,
            is_state = excluded.is_state, sequence = excluded.sequence, time = excluded.time,
            data = excluded.data, traceparent = excluded.traceparent, causation_id = excluded.causation_id,
            correlation_id = excluded.correlation_id, appended_on = excluded.appended_on
        WHERE kept.sequence < excluded.sequence
    )
    UPDATE heads SET position = ends.position, appended_on = greatest(heads.appended_on, today)
    FROM (SELECT given.partition, max(given.position) AS position FROM given GROUP BY given.partition) AS ends
    WHERE heads.partition = ends.partition;
END
$$;
"""  # noqa: S608 - made of this file's own text
# To compress large events was a sixth of what arrays of transfers cost PostgreSQL. They stay for days;
# states, which stay for ever, are compressed.
_AS_THEY_ARE = "ALTER TABLE log ALTER COLUMN data SET STORAGE EXTERNAL"
_VERSIONS = (_FIRST + _APPEND, _AS_THEY_ARE)
NEWEST_VERSION = len(_VERSIONS)

_GRANTS = """
REVOKE ALL ON ALL TABLES IN SCHEMA public FROM "{runner}";
GRANT SELECT, UPDATE ON heads TO "{runner}";
GRANT SELECT, INSERT ON log, consumer_groups TO "{runner}";
GRANT SELECT, INSERT, UPDATE ON states, group_offsets TO "{runner}";
"""


async def migrate_bus(owner_url: str, runner: str = "bus") -> None:
    """Bring the bus' database to the newest version, as the role that owns it; safe to run at every start.

    `runner` is the role that the services use: it reads and appends the log, and cannot change it.
    """
    connection = await asyncpg.connect(owner_url)
    try:
        async with connection.transaction():
            await connection.execute("SET LOCAL lock_timeout = '2s'")
            await connection.execute("SET LOCAL client_min_messages = warning")
            await _lock(connection)
            await connection.execute(
                "CREATE TABLE IF NOT EXISTS bus_version (version integer PRIMARY KEY)",
            )
            version = await connection.fetchval("SELECT coalesce(max(version), 0) FROM bus_version")
            for number, statements in enumerate(_VERSIONS[version:], start=version + 1):
                await connection.execute(statements)
                await connection.execute("INSERT INTO bus_version (version) VALUES ($1)", number)
            if version < len(_VERSIONS):
                await connection.execute(_GRANTS.format(runner=runner))
    finally:
        await connection.close()


async def _lock(connection: asyncpg.Connection) -> None:
    """Wait for another start that migrates, however long it takes."""
    await connection.execute("SET LOCAL lock_timeout = 0")
    await connection.execute("SELECT pg_advisory_xact_lock($1)", _MIGRATION_LOCK)
    await connection.execute("SET LOCAL lock_timeout = '2s'")
