"""Parked events are listed, and tried again when what hindered them is mended; a group begins again."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import asyncpg
import orjson
import pytest

from guildhall.events.operated import Operated
from guildhall.events.parked import print_parked, retry
from guildhall.events.rebuilding import rebuild
from guildhall.refusals import StartRefused
from tests.support.deployment import WholeDeployment

OFFSETS = """
SELECT coalesce(sum(position), 0) FROM group_offsets JOIN consumer_groups ON id = group_id
WHERE name = 'market'
"""


async def number(url: str, statement: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


@asynccontextmanager
async def without_table(url: str, table: str) -> AsyncGenerator[None]:
    """What a handler writes to is away, and comes back."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(f"ALTER TABLE {table} RENAME TO {table}_away")
        try:
            yield
        finally:
            await connection.execute(f"ALTER TABLE {table}_away RENAME TO {table}")
    finally:
        await connection.close()


async def found(deployment: WholeDeployment, name: str) -> None:
    founder = await deployment.persona("founder")
    assert (await founder.act("POST", "/v1/unions", {"name": name, "purpose": "P."})).status_code == 201


async def test_a_parked_event_is_listed_with_its_error_and_consumed_when_that_is_mended(
    deployment: WholeDeployment, house: Operated, capfd: pytest.CaptureFixture[str]
) -> None:
    assert await print_parked(house, None, as_json=False) == 0
    assert capfd.readouterr().out == "Nothing is parked.\n"
    market = deployment.databases["market"].superuser_url
    async with without_table(market, "unions"):
        await found(deployment, "Tanners")
        await deployment.eventually(
            lambda: number(market, "SELECT count(*) FROM parked_events WHERE type = 'union'"),
            lambda count: count == 1,
            within_seconds=30,
        )
        assert await print_parked(house, "market", as_json=True) == 1
        (told, *_) = orjson.loads(capfd.readouterr().out)
        assert told["service"] == "market" and "unions" in told["error"]
        assert await retry(house, "market", None) == 1
        assert "market: 0 consumed" in capfd.readouterr().out
        assert await print_parked(house, None, as_json=False) == 1
        assert "guildhall events retry" in capfd.readouterr().out
    assert await retry(house, None, "no such key") == 1
    assert await retry(house, None, None) == 0
    assert "market: " in capfd.readouterr().out
    assert await number(market, "SELECT count(*) FROM unions WHERE slug = 'tanners'") == 1
    assert await number(market, "SELECT count(*) FROM parked_events") == 0


async def test_a_rebuild_is_said_before_it_is_done(
    house: Operated, capfd: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(StartRefused, match=r"nothing was done: .*--yes"):
        await rebuild(house, "market", agreed=False)
    said = " ".join(capfd.readouterr().out.split())
    assert "begins again" in said and "21 days" in said and "do not come back" in said


async def test_a_rebuilt_group_goes_through_all_again_and_changes_nothing(
    deployment: WholeDeployment, house: Operated
) -> None:
    await found(deployment, "Coopers")
    bus, market = (deployment.databases[name].superuser_url for name in ("bus", "market"))
    rows = "SELECT count(*) FROM unions"
    stood = await deployment.eventually(lambda: number(bus, OFFSETS), lambda position: position > 0)
    await deployment.eventually(
        lambda: number(market, "SELECT count(*) FROM unions WHERE slug = 'coopers'"), lambda count: count == 1
    )
    before = await number(market, rows)
    await rebuild(house, "market", agreed=True)
    assert await number(bus, OFFSETS) < stood
    await deployment.eventually(lambda: number(bus, OFFSETS), lambda position: position >= stood)
    assert await number(market, rows) == before


@pytest.mark.parametrize("service", ["gateway", "bakery"])
async def test_a_service_without_a_group_is_refused(house: Operated, service: str) -> None:
    with pytest.raises(StartRefused, match=f"{service} has no group of events: identity, graph, market"):
        await rebuild(house, service, agreed=True)
