"""`guildhall serve`: replicas that share the load, and what a killed one leaves behind."""

from __future__ import annotations

import asyncio
import re
import secrets
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import asyncpg
import httpx
import psutil
import pytest

from chassis.clock import SystemClock
from guildhall.keys import keep_keys
from guildhall.postgres.roles import BUS
from tests.support.embedded import free_port
from tests.support.personas import Persona
from tests.support.postgres import Databases, ServiceDatabase
from tests.support.served import ServedProcess, environment_of

pytestmark = pytest.mark.slow
QUICK = {"NETWORK_PROBE_SECONDS": "1", "NETWORK_CONNECT_TIMEOUT_MS": "500"}


@dataclass
class House:
    """A gateway before one identity and three markets; a founder with a union."""

    gateway: ServedProcess
    markets: list[ServedProcess]
    databases: dict[str, ServiceDatabase]
    founder: Persona
    union: str

    @property
    def offers(self) -> str:
        return f"/v1/unions/{self.union}/offers"

    def offer(self, title: str) -> dict[str, Any]:
        return {"title": title, "price": {"asset": "WVR", "minor": "1"}}

    async def titles(self) -> list[str]:
        connection = await asyncpg.connect(self.databases["market"].superuser_url)
        try:
            return [row["title"] for row in await connection.fetch("SELECT title FROM offers")]
        finally:
            await connection.close()


@asynccontextmanager
async def served(process: ServedProcess) -> AsyncGenerator[ServedProcess]:
    process.start()
    try:
        yield process
    finally:
        process.end()


@pytest.fixture(scope="module")
async def house(databases: Databases, tmp_path_factory: pytest.TempPathFactory) -> AsyncGenerator[House]:
    keys = tmp_path_factory.mktemp("keys")
    keep_keys(keys)
    made = {name: await databases.fresh(name) for name in ("identity", "market", BUS)}
    ports = {name: [free_port() for _ in range(count)] for name, count in (("identity", 1), ("market", 3))}
    gateway_port = free_port()
    public_url = f"http://localhost:{gateway_port}"
    nowhere = {f"{name.upper()}_URL": "http://127.0.0.1:1" for name in ("graph", "ledger", "funding")}
    shared = (
        QUICK
        | nowhere
        | {
            f"{name.upper()}_URL": ",".join(f"http://127.0.0.1:{port}" for port in those)
            for name, those in ports.items()
        }
    )
    async with AsyncExitStack() as stack:
        processes: dict[str, list[ServedProcess]] = {}
        for name, those in (*ports.items(), ("gateway", [gateway_port])):
            environment = environment_of(name, made, keys, public_url) | shared
            processes[name] = [
                await stack.enter_async_context(served(ServedProcess(name, environment, port)))
                for port in those
            ]
        for process in (one for those in processes.values() for one in those):
            await asyncio.to_thread(process.wait_until_live)
        http = await stack.enter_async_context(httpx.AsyncClient(base_url=public_url, timeout=30))
        founder = Persona("founder", http, public_url, SystemClock())
        founded = await founder.act(
            "POST", "/v1/unions", {"name": "Weavers", "purpose": "To weave.", "slug": "weavers"}
        )
        assert founded.status_code == 201, founded.text
        house = House(processes["gateway"][0], processes["market"], made, founder, "weavers")
        await _until_known(house)
        yield house
    for database in made.values():
        await databases.drop(database)


async def _until_known(house: House) -> None:
    """The market hears of the union over the bus."""
    async with asyncio.timeout(60):
        while not (await house.founder.send("POST", house.offers, house.offer("First"))).is_success:  # noqa: ASYNC110
            await asyncio.sleep(0.1)


async def _answered(market: ServedProcess) -> float:
    """Reads of offers that this replica has answered, by its own count."""
    async with httpx.AsyncClient() as client:
        text = (await client.get(f"{market.url}/metrics", timeout=10)).text
    counts = re.findall(r'guildhall_requests_total\{method="GET",route="/v1/.*/offers",.*\} (\S+)', text)
    return sum(float(count) for count in counts)


async def _read(house: House, times: int) -> None:
    answers = await asyncio.gather(*(house.founder.get(house.offers) for _ in range(times)))
    assert {answer.status_code for answer in answers} == {200}


async def test_three_replicas_have_equal_load_and_one_that_is_killed_is_out_and_back(house: House) -> None:
    before = [await _answered(market) for market in house.markets]
    await _read(house, 300)
    shares = [await _answered(market) - were for market, were in zip(house.markets, before, strict=True)]
    assert sum(shares) == 300
    assert all(90 <= share <= 110 for share in shares), shares
    house.markets[0].kill()
    await _read(house, 60)
    house.markets[0].start()
    await asyncio.to_thread(house.markets[0].wait_until_live)
    async with asyncio.timeout(30):
        while await _answered(house.markets[0]) == 0:
            await _read(house, 6)


@asynccontextmanager
async def _writes_stopped(house: House) -> AsyncGenerator[asyncpg.Connection]:
    """No offer can be written while entered: requests wait in the middle of their work."""
    connection = await asyncpg.connect(house.databases["market"].superuser_url)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE offers IN EXCLUSIVE MODE")
            yield connection
    finally:
        await connection.close()


async def _waiting_replica(house: House) -> ServedProcess:
    """The one whose request waits: the only one that has a request from the gateway under way."""
    connection = await asyncpg.connect(house.databases["market"].superuser_url)
    waiting = """
        SELECT client_port FROM pg_stat_activity
        WHERE datname = current_database() AND wait_event_type = 'Lock' AND wait_event = 'relation'
    """
    try:
        async with asyncio.timeout(20):
            while not (found := await connection.fetch(waiting)):  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    finally:
        await connection.close()
    ports = {row["client_port"] for row in found}
    for market in house.markets:
        used = {
            one.laddr.port for one in psutil.Process(market.process_id).net_connections("tcp") if one.laddr
        }
        if ports & used:
            return market
    raise AssertionError(f"no replica has a connection from {ports}")


@pytest.mark.parametrize("keyed", [True, False], ids=["keyed", "unkeyed"])
async def test_a_replica_killed_in_the_middle_of_a_write(house: House, keyed: bool) -> None:
    title = secrets.token_hex(8)
    headers = {"idempotency-key": title} if keyed else {}
    async with _writes_stopped(house):
        asking = asyncio.create_task(
            house.founder.send("POST", house.offers, house.offer(title), headers=headers)
        )
        killed = await _waiting_replica(house)
        killed.kill()
        if not keyed:
            answer = await asking
            assert answer.status_code == 503, "nobody knows whether it had its effect: it is not sent again"
    if keyed:
        answer = await asking
        async with asyncio.timeout(30):
            while answer.status_code in {409, 503}:
                await asyncio.sleep(0.2)
                answer = await house.founder.send("POST", house.offers, house.offer(title), headers=headers)
        assert answer.status_code == 201, answer.text
    killed.start()
    await asyncio.to_thread(killed.wait_until_live)
    assert (await house.titles()).count(title) == (1 if keyed else 0)


async def test_a_process_tells_of_itself_and_stops_when_told(house: House, tmp_path: Path) -> None:
    environment = dict(house.markets[0].environment)
    process = ServedProcess("market", environment)
    async with served(process):
        await asyncio.to_thread(process.wait_until_live)
        async with httpx.AsyncClient(base_url=process.url) as client:
            assert (await client.get("/livez")).json() == {"service": "market", "alive": True}
            assert (await client.get("/readyz")).json()["service"] == "market"
            assert "guildhall_requests_total" in (await client.get("/metrics")).text
        assert await asyncio.to_thread(process.stop) == 0
        assert f"market serves at http://127.0.0.1:{process.port}" in process.said()


@pytest.mark.parametrize(
    ("name", "changed", "said"),
    [
        ("mint", {}, "there is no service mint"),
        ("market", {"MARKET_DATABASE_URL": ""}, "MARKET_DATABASE_URL: Field required"),
        ("market", {"MARKET_URL": "market:8000"}, "MARKET_URL: .* is not of the form http://host:port"),
        ("market", {"MARKET_SERVICE_KEY_FILE": "/nowhere.pem"}, "nowhere.pem"),
        ("market", {"BUS_URL": "amqp://x"}, "the bus is at postgresql"),
        ("market", {"MARKET_OWNER_DATABASE_URL": "postgresql://x@127.0.0.1:1/x"}, "market cannot start"),
        ("gateway", {"METRICS_NETWORKS": "10.0.0.0/99"}, "METRICS_NETWORKS: "),
    ],
)
async def test_a_start_that_cannot_be_says_why_in_one_line(
    house: House, name: str, changed: dict[str, str], said: str
) -> None:
    source = house.gateway if name == "gateway" else house.markets[0]
    process = ServedProcess(name, {**source.environment, **changed})
    async with served(process):
        assert await asyncio.to_thread(process.exit_code) == 1
        line = process.said().strip()
        assert re.search(said, line) and line.count("\n") == 0, line
