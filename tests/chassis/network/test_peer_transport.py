"""Calls between services over real connections: spread, taken elsewhere, repeated only to read."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx
import pytest

from chassis.network.endpoints import Standing
from chassis.network.peer_transport import NetworkTransports, network_transports
from chassis.network.settings import NetworkSettings
from guildhall.reading_settings import read_settings
from tests.support.replicas import OK, Replica, cut, hang, replicas, says


@asynccontextmanager
async def _way_to(*made: Replica, **given: int) -> AsyncGenerator[NetworkTransports]:
    limits = {"connect_timeout_ms": 500, "probe_seconds": 60, **given}
    settings = read_settings(NetworkSettings, None, ledger_url=",".join(one.origin for one in made), **limits)
    async with network_transports(settings) as transports:
        await transports.directory.probe()
        yield transports


async def _call(way: NetworkTransports, method: str = "GET", timeout: float = 5) -> httpx.Response:
    return await way.client("ledger").request(
        method, "/x%2Fy?z=%2B%26", content=b"{}", headers={"authorization": "Bearer t"}, timeout=timeout
    )


async def test_a_call_arrives_as_it_was_made_and_its_answer_comes_back() -> None:
    async with replicas(1) as (one,), _way_to(one) as way:
        answer = await _call(way, "POST")
        assert (answer.status_code, answer.content) == (200, b"ok")
        asked = one.asked[0]
        assert (asked.method, asked.target, asked.body) == ("POST", "/x%2Fy?z=%2B%26", b"{}")
        assert asked.values("authorization") == ["Bearer t"]


async def test_calls_are_spread_over_all_addresses() -> None:
    async with replicas(3) as made, _way_to(*made) as way:
        for _ in range(30):
            await _call(way)
        assert [len(one.asked) for one in made] == [10, 10, 10]


async def test_a_call_that_never_left_goes_to_another_address_and_the_dead_one_is_taken_out() -> None:
    async with replicas(2) as made, _way_to(*made) as way:
        await made[0].stop()
        for _ in range(4):
            assert (await _call(way, "POST")).status_code == 200
        dead = next(one for one in way.directory.of("ledger").all if one.origin == made[0].origin)
        assert dead.standing == Standing.DOWN
        assert len(made[1].asked) == 4
        await made[0].start()
        await way.directory.probe()
        for _ in range(4):
            await _call(way)
        assert len(made[0].asked) == 2


@pytest.mark.parametrize(("method", "times"), [("GET", 2), ("POST", 1), ("PUT", 1)])
async def test_a_call_that_may_have_been_heard_is_repeated_only_where_it_reads(
    method: str, times: int
) -> None:
    async with replicas(2) as made, _way_to(*made) as way:
        for one in made:
            one.act = cut
        with pytest.raises(httpx.HTTPError):
            await _call(way, method)
        assert sum(len(one.asked) for one in made) == times


async def test_a_put_on_a_connection_that_breaks_is_not_repeated_underneath() -> None:
    async with replicas(1) as (one,), _way_to(one) as way:
        await _call(way, "PUT")
        one.act = cut
        with pytest.raises(httpx.HTTPError):
            await _call(way, "PUT")
        assert len(one.asked) == 2


async def test_one_that_hangs_ends_in_a_timeout_and_is_taken_out() -> None:
    async with replicas(1) as (one,), _way_to(one) as way:
        one.act = hang
        with pytest.raises(TimeoutError):
            await _call(way, timeout=0.2)
        assert way.directory.of("ledger").all[0].standing == Standing.DOWN


async def test_a_name_that_leads_nowhere_is_an_outage() -> None:
    async with replicas(1) as (one,), _way_to(one) as way:
        way.directory.of("ledger").set_origins([])
        with pytest.raises(OSError, match="has no address"):
            await _call(way)


async def test_what_is_not_ready_is_seen_by_looking() -> None:
    async with replicas(2) as made, _way_to(*made) as way:
        made[0].ready = b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n"
        await way.directory.probe()
        for _ in range(4):
            await _call(way)
        assert [len(one.asked) for one in made] == [0, 4]


async def test_no_cookie_of_a_service_is_kept_or_sent() -> None:
    async with replicas(1) as (one,), _way_to(one) as way:
        one.act = says(b"HTTP/1.1 200 OK\r\nSet-Cookie: a=b; Path=/\r\nContent-Length: 0\r\n\r\n")
        await _call(way)
        one.act = says(OK)
        await _call(way)
        assert one.asked[1].values("cookie") == []
