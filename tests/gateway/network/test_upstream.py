"""The gateway's hop: what goes over it and what stays, where requests go, and what is sent a second time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import replace

import httpx
import pytest

from chassis.network.connections import open_session
from chassis.network.endpoints import Endpoints, Standing
from chassis.network.settings import NetworkSettings
from chassis.peers import PeerUnavailable
from chassis.problems import Problem
from gateway.network.upstream import HopLimits, Upstream
from guildhall.reading_settings import read_settings
from tests.support.replicas import Asked, Replica, cut, hang, replicas, says

LIMITS = HopLimits(
    request_body_max_bytes=1_000_000,
    request_body_max_seconds=5,
    answer_max_seconds=5,
    answer_pause_max_seconds=5,
    tries_max=3,
)
KEYED = {"idempotency-key": "once"}


@asynccontextmanager
async def hop(
    *made: Replica, limits: HopLimits = LIMITS
) -> AsyncGenerator[tuple[httpx.AsyncClient, Endpoints]]:
    """A client whose requests go through the hop alone; its failures are raised."""
    settings = read_settings(NetworkSettings, None, connect_timeout_ms=500)
    endpoints = Endpoints("market")
    endpoints.set_origins([one.origin for one in made])
    async with open_session(settings) as session:
        transport = httpx.ASGITransport(app=Upstream(endpoints, session, limits))  # type: ignore[arg-type]
        async with httpx.AsyncClient(transport=transport, base_url="http://guild.example") as client:
            yield client, endpoints


def asked_times(made: list[Replica]) -> list[int]:
    return [len(one.asked) for one in made]


async def test_a_request_arrives_byte_by_byte_as_it_was_sent() -> None:
    async with replicas(1) as (one,), hop(one) as (client, _):
        answer = await client.post(
            "/v1/unions/a%2Fb/%C3%A9?q=%20+&q=%2F", content=b"{}", headers={"traceparent": "00-a-b-01"}
        )
        assert (answer.status_code, answer.content) == (200, b"ok")
        asked = one.asked[0]
        assert (asked.method, asked.body) == ("POST", b"{}")
        assert asked.target == "/v1/unions/a%2Fb/%C3%A9?q=%20+&q=%2F"
        assert asked.values("host") == ["guild.example"]
        assert asked.values("traceparent") == ["00-a-b-01"]
        assert asked.values("content-length") == ["2"]


async def test_what_belongs_to_one_connection_is_not_handed_on() -> None:
    headers = {
        "connection": "close, x-mine",
        "x-mine": "1",
        "keep-alive": "5",
        "te": "trailers",
        "trailer": "x",
        "upgrade": "h2c",
        "proxy-authorization": "Basic x",
        "expect": "100-continue",
        "x-kept": "1",
    }
    answered = (
        b"HTTP/1.1 201 Created\r\nConnection: keep-alive, X-Theirs\r\nX-Theirs: 1\r\nKeep-Alive: 5\r\n"
        b"Proxy-Authenticate: x\r\nX-Kept: 1\r\nSet-Cookie: a=b\r\nSet-Cookie: c=d\r\n"
        b"Content-Length: 0\r\n\r\n"
    )
    async with replicas(1) as (one,), hop(one) as (client, _):
        one.act = says(answered)
        answer = await client.get("/x", headers=headers)
        asked = one.asked[0]
        for name in headers:
            assert asked.values(name) == (["1"] if name == "x-kept" else []), name
        assert answer.status_code == 201
        assert answer.headers.get_list("set-cookie") == ["a=b", "c=d"]
        assert set(answer.headers) == {"x-kept", "set-cookie", "content-length"}


async def test_a_body_of_unknown_length_is_streamed_and_arrives_whole() -> None:
    async def parts() -> AsyncGenerator[bytes]:
        for _ in range(20):
            yield b"x" * 10_000

    async with replicas(1) as (one,), hop(one) as (client, _):
        assert (await client.post("/x", content=parts())).status_code == 200
        assert one.asked[0].body == b"x" * 200_000


async def test_a_long_answer_is_streamed() -> None:
    many = b"y" * 300_000
    async with replicas(1) as (one,), hop(one) as (client, _):
        one.act = says(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\n" + many)
        assert (await client.get("/x")).content == many
        one.act = says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n")
        assert (await client.get("/x")).content == b"abc"


async def test_an_answer_that_breaks_off_is_no_whole_answer() -> None:
    async with replicas(1) as (one,), hop(one) as (client, _):
        one.act = says(b"HTTP/1.1 200 OK\r\nContent-Length: 300000\r\n\r\nabc")
        with pytest.raises(Exception, match="Not enough data"):
            await client.get("/x")
        one.act = says(b"HTTP/1.1 200 OK\r\nContent-Length: 30\r\n\r\nabc")
        with pytest.raises(PeerUnavailable):
            await client.get("/x")


async def test_requests_are_spread_evenly_over_three_replicas() -> None:
    async with replicas(3) as made, hop(*made) as (client, _):
        for _ in range(10):  # a server's backlog holds no 300 at once, and what it drops goes elsewhere
            await asyncio.gather(*(client.get("/x") for _ in range(30)))
        assert asked_times(made) == [100, 100, 100]


@pytest.mark.parametrize(
    ("method", "headers", "times"),
    [
        ("GET", {}, 3),
        ("HEAD", {}, 3),
        ("POST", {}, 1),
        ("PUT", {}, 1),
        ("DELETE", {}, 1),
        ("POST", KEYED, 3),
        ("PUT", KEYED, 3),
    ],
)
async def test_only_what_reads_or_carries_a_key_is_sent_again(
    method: str, headers: dict[str, str], times: int
) -> None:
    async with replicas(4) as made, hop(*made) as (client, _):
        for one in made:
            one.act = cut
        with pytest.raises(PeerUnavailable):
            await client.request(method, "/x", content=b"{}", headers=headers)
        assert sum(asked_times(made)) == times
        assert max(asked_times(made)) == 1, "each time at another address"


async def test_a_keyed_request_whose_replica_dies_gets_the_answer_of_another() -> None:
    async with replicas(2) as made, hop(*made) as (client, _):
        made[1].act = cut
        for _ in range(4):
            answer = await client.post("/x", content=b'{"a": 1}', headers=KEYED)
            assert answer.status_code == 200
        assert {asked.body for asked in made[0].asked} == {b'{"a": 1}'}


async def test_where_there_is_no_other_address_nothing_is_sent_again() -> None:
    async with replicas(1) as (one,), hop(one) as (client, _):
        one.act = cut
        with pytest.raises(PeerUnavailable):
            await client.get("/x")
        assert asked_times([one]) == [1]


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_what_was_never_sent_goes_to_another_address_and_the_dead_one_is_out(method: str) -> None:
    async with replicas(3) as made, hop(*made) as (client, endpoints):
        await made[1].stop()
        for _ in range(6):
            assert (await client.request(method, "/x", content=b"{}")).status_code == 200
        assert endpoints.all[1].standing == Standing.DOWN
        assert made[1].asked == []


async def test_a_body_that_was_streamed_away_is_not_sent_again() -> None:
    async with replicas(2) as made, hop(*made) as (client, _):
        for one in made:
            one.act = cut
        with pytest.raises(PeerUnavailable):
            await client.post("/x", content=b"x" * 200_000, headers=KEYED)
        assert sum(asked_times(made)) == 1


async def test_one_that_hangs_ends_in_time_and_is_taken_out() -> None:
    async with (
        replicas(1) as (one,),
        hop(one, limits=replace(LIMITS, answer_max_seconds=1)) as (client, all_),
    ):
        one.act = hang
        began = asyncio.get_running_loop().time()
        with pytest.raises(PeerUnavailable, match="no answer in 1 s"):
            await client.get("/x")
        assert asyncio.get_running_loop().time() - began < 3
        assert all_.all[0].standing == Standing.DOWN


async def test_a_body_over_the_limit_is_refused_while_it_streams() -> None:
    async def endless() -> AsyncGenerator[bytes]:
        while True:
            yield b"x" * 50_000
            await asyncio.sleep(0)

    async with replicas(1) as (one,), hop(one) as (client, _):
        with pytest.raises(Problem, match="at most 1000000 bytes"):
            await client.post("/x", content=endless())
        assert one.asked == []


@pytest.mark.parametrize("first_bytes", [10, 100_000])
async def test_a_body_that_does_not_come_is_refused_in_time(first_bytes: int) -> None:
    async def stuck() -> AsyncGenerator[bytes]:
        yield b"x" * first_bytes
        await asyncio.sleep(60)
        yield b"x"

    limits = replace(LIMITS, request_body_max_seconds=1)
    async with replicas(1) as (one,), hop(one, limits=limits) as (client, _):
        with pytest.raises(Problem, match="within 1 seconds"):
            await client.post("/x", content=stuck())


@pytest.mark.parametrize(
    "headers",
    [
        [("content-length", "2"), ("transfer-encoding", "chunked")],
        [("content-length", "2"), ("content-length", "20")],
        [("content-length", "2, 2")],
        [("content-length", "-2")],
        [("content-length", "+2")],
    ],
)
async def test_a_length_that_can_be_read_in_two_ways_is_refused(headers: list[tuple[str, str]]) -> None:
    async with replicas(1) as (one,), hop(one) as (client, _):
        request = httpx.Request("POST", "http://guild.example/x", headers=headers, content=b"{}")
        request.headers = httpx.Headers([("host", "guild.example"), *headers])
        with pytest.raises(Problem, match="one Content-Length"):
            await client.send(request)
        assert one.asked == []


async def test_an_answer_with_two_lengths_is_no_answer() -> None:
    async with replicas(1) as (one,), hop(one) as (client, _):
        one.act = says(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 9\r\n\r\nok")
        with pytest.raises(PeerUnavailable):
            await client.get("/x")


async def test_when_nobody_waits_for_the_answer_the_request_is_aborted() -> None:
    async with replicas(1) as (one,), hop(one) as (client, _):
        begun = asyncio.Event()

        async def begin(asked: Asked, writer: object) -> None:
            begun.set()
            await asyncio.sleep(3_600)

        one.act = begin  # type: ignore[assignment]
        app = client._transport.app  # type: ignore[attr-defined]
        gone = asyncio.Event()

        async def receive() -> dict[str, str]:
            await gone.wait()
            return {"type": "http.disconnect"}

        async def send(message: object) -> None:
            raise AssertionError("nobody is there")

        scope = {"type": "http", "method": "GET", "raw_path": b"/x", "query_string": b"", "headers": []}
        serving = asyncio.create_task(app(scope, receive, send))
        await begun.wait()
        gone.set()
        await asyncio.wait_for(serving, 5)
        await asyncio.wait_for(one.aborted.wait(), 5)
        assert serving.exception() is None and not serving.cancelled()
