"""The graph service, on one database for all its tests, emptied before each."""

from collections.abc import AsyncGenerator
from pathlib import Path

import asyncpg
import pytest

from chassis.clock import ManualClock
from tests.services.graph.house import GraphHouse, running_graph
from tests.support.postgres import Databases, ServiceDatabase

_TABLES = """
SELECT string_agg(format('%I', c.relname), ', ') FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE n.nspname = 'public' AND c.relkind IN ('r', 'p') AND c.relname NOT LIKE '%version'
"""


@pytest.fixture(scope="session")
async def graph_databases(databases: Databases) -> AsyncGenerator[tuple[ServiceDatabase, ServiceDatabase]]:
    graph, bus = await databases.fresh("graph"), await databases.fresh("bus")
    yield graph, bus
    await databases.drop(graph)
    await databases.drop(bus)


@pytest.fixture
async def empty_graph(
    graph_databases: tuple[ServiceDatabase, ServiceDatabase],
) -> tuple[ServiceDatabase, ServiceDatabase]:
    """The graph's database without a row, and a bus that nobody reads."""
    connection = await asyncpg.connect(graph_databases[0].superuser_url)
    try:
        await connection.execute(f"TRUNCATE {await connection.fetchval(_TABLES)}")
    finally:
        await connection.close()
    return graph_databases


@pytest.fixture
async def house(
    empty_graph: tuple[ServiceDatabase, ServiceDatabase], clock: ManualClock, tmp_path: Path
) -> AsyncGenerator[GraphHouse]:
    """A union of five: the founder (0) and members 1 to 4."""
    async with running_graph(*empty_graph, tmp_path, clock, backlinks_per_supporter_max_count=3) as running:
        await running.join(5)
        yield running
