"""Reads on raw connections: given in order, made anew when lost, never lent with an answer under way."""

import asyncio
from collections.abc import AsyncGenerator

import asyncpg
import pytest

from chassis.read_pool import ReadPool
from tests.support.postgres import DatabaseMaker

SIZE = 2


class Counted:
    """Makes connections and counts them."""

    def __init__(self, url: str) -> None:
        self.made: list[asyncpg.Connection] = []
        self._url = url

    async def connect(self) -> asyncpg.Connection:
        self.made.append(await asyncpg.connect(self._url))
        return self.made[-1]


@pytest.fixture
async def counted(blank_database: DatabaseMaker) -> AsyncGenerator[Counted]:
    connections = Counted((await blank_database("market")).url)
    yield connections
    for connection in connections.made:
        connection.terminate()


@pytest.fixture
async def pool(counted: Counted) -> AsyncGenerator[ReadPool]:
    made = ReadPool(counted.connect, SIZE, wait_seconds=5)
    yield made
    await made.close()


async def test_each_read_has_the_signature_of_a_connections(pool: ReadPool) -> None:
    assert await pool.fetchval("SELECT $1::int + 1", 1) == 2
    row = await pool.fetchrow("SELECT 1 AS one")
    assert row is not None and row["one"] == 1
    assert await pool.fetchrow("SELECT 1 WHERE false") is None
    assert [row["n"] for row in await pool.fetch("SELECT generate_series(1, 3) AS n")] == [1, 2, 3]
    assert await pool.execute("SELECT 1") == "SELECT 1"


async def test_many_readers_share_few_connections(pool: ReadPool, counted: Counted) -> None:
    await asyncio.gather(*(pool.fetchval("SELECT pg_sleep(0.001)") for _ in range(40)))
    assert len(counted.made) == SIZE


async def test_who_comes_late_does_not_overtake_who_waits(pool: ReadPool) -> None:
    asked: list[int] = []
    given: list[int] = []

    async def read(number: int) -> None:
        asked.append(number)
        async with pool.acquire() as connection:
            given.append(number)
            await connection.fetchval("SELECT 1")
        if number < 200:  # a client that sends its next request when the answer is in
            await read(number + 8)

    await asyncio.gather(*(pool.fetchval("SELECT 1") for _ in range(SIZE)))  # connected
    await asyncio.gather(*(read(number) for number in range(8)))
    assert given == asked


async def test_a_cancelled_read_takes_its_connection_with_it(pool: ReadPool, counted: Counted) -> None:
    reading = asyncio.create_task(pool.fetchval("SELECT pg_sleep(30)"))
    await asyncio.sleep(0.05)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    values = await asyncio.gather(*(pool.fetchval("SELECT $1::int", value) for value in range(10)))
    assert values == list(range(10))
    assert counted.made[0].is_closed()


async def test_a_statement_that_fails_leaves_its_connection_good(pool: ReadPool, counted: Counted) -> None:
    for _ in range(3 * SIZE):
        with pytest.raises(asyncpg.DivisionByZeroError):
            await pool.fetchval("SELECT 1 / 0")
    assert await pool.fetchval("SELECT 1") == 1
    assert len(counted.made) == 1


async def test_a_lost_connection_is_made_anew(pool: ReadPool, counted: Counted) -> None:
    assert await pool.fetchval("SELECT 1") == 1
    counted.made[0].terminate()
    assert await pool.fetchval("SELECT 2") == 2
    assert len(counted.made) == 2


async def test_a_place_is_free_again_when_connecting_fails() -> None:
    async def refused() -> asyncpg.Connection:
        raise ConnectionRefusedError

    pool = ReadPool(refused, SIZE, wait_seconds=1)
    for _ in range(2 * SIZE):
        with pytest.raises(ConnectionRefusedError):
            await pool.fetchval("SELECT 1")


async def test_who_waits_too_long_hears_of_it(counted: Counted) -> None:
    pool = ReadPool(counted.connect, 1, wait_seconds=0.05)
    async with pool.acquire():
        with pytest.raises(TimeoutError):
            await pool.fetchval("SELECT 1")
    assert await pool.fetchval("SELECT 1") == 1
    await pool.close()


async def test_a_closed_pool_keeps_nothing(pool: ReadPool, counted: Counted) -> None:
    async with pool.acquire():
        await pool.close()
    assert all(connection.is_closed() for connection in counted.made)
