"""A gateway on a real socket in front of a real replica: what hostile clients send, byte by byte."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncGenerator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import pytest

from chassis.clock import ManualClock
from chassis.network.connections import open_session
from chassis.network.endpoints import Endpoints
from chassis.network.settings import NetworkSettings
from gateway.app import Gateway
from gateway.network.upstream import Upstream
from guildhall.reading_settings import read_settings
from tests.gateway.door import make_door
from tests.gateway.network.test_upstream import LIMITS
from tests.support.network import listening
from tests.support.replicas import Replica, hang, replicas, says

HEAD = "POST /v1/unions/u/offers HTTP/1.1\r\nHost: guild.example\r\n"

GET = "GET /v1/unions/u/offers HTTP/1.1\r\nHost: guild.example\r\n\r\n"


@dataclass
class Edge:
    """Where the gateway listens, and the one replica of market behind it."""

    url: str
    replica: Replica

    async def send(self, raw: str, within_seconds: float = 5, *, to_its_end: bool = False) -> str:
        """What comes back for these bytes: one answer's beginning, or all until the gateway closes."""
        parts = urlsplit(self.url)
        reader, writer = await asyncio.open_connection(parts.hostname, parts.port)
        writer.write(raw.encode("latin-1"))
        said = b""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(within_seconds):
                while part := await reader.read(65_536):
                    said += part
                    if b"\r\n\r\n" in said and not to_its_end:
                        break
        writer.close()
        return said.decode("latin-1")


@pytest.fixture
async def edge(clock: ManualClock) -> AsyncGenerator[Edge]:
    settings = read_settings(NetworkSettings, None, connect_timeout_ms=500)
    endpoints = Endpoints("market")
    limits = replace(LIMITS, answer_max_seconds=1, request_body_max_seconds=1)
    async with replicas(1) as (one,), open_session(settings) as session:
        endpoints.set_origins([one.origin])
        door = make_door(clock, request_body_max_bytes=limits.request_body_max_bytes)
        gateway: Gateway = door.gateway
        gateway._services = {"market": Upstream(endpoints, session, limits)}  # pyright: ignore[reportPrivateUsage]
        async with listening(gateway) as url:
            yield Edge(url, one)


async def test_an_ordinary_request_goes_through(edge: Edge) -> None:
    said = await edge.send(HEAD + "Content-Length: 2\r\n\r\n{}")
    assert said.startswith("HTTP/1.1 200")
    assert edge.replica.asked[0].body == b"{}"


@pytest.mark.parametrize(
    "rest",
    [
        "Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n0\r\n\r\n",
        "Content-Length: 4\r\nContent-Length: 40\r\n\r\nabcd",
        "Content-Length: 4, 4\r\n\r\nabcd",
        "Content-Length: +4\r\n\r\nabcd",
        "Content-Length: 4_0\r\n\r\nabcd",
        "Content-Length : 4\r\n\r\nabcd",
        "Transfer-Encoding: identity, chunked, x\r\n\r\n0\r\n\r\n",
        "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n",
        "Transfer-Encoding:\x0bchunked\r\n\r\n0\r\n\r\n",
        " folded: x\r\n\r\n",
        "Bad\x00Name: x\r\n\r\n",
        "X: a\x00b\r\n\r\n",
    ],
)
async def test_what_two_readers_could_read_in_two_ways_reaches_no_service(edge: Edge, rest: str) -> None:
    said = await edge.send(HEAD + rest, 2)
    assert said.split(" ")[1:2] in (["400"], ["408"]) or said == "", said
    assert edge.replica.asked == []


async def test_a_request_inside_a_body_stays_a_body(edge: Edge) -> None:
    inner = "GET /internal/secret HTTP/1.1\r\nHost: x\r\n\r\n"
    await edge.send(HEAD + f"Content-Length: {len(inner)}\r\n\r\n{inner}", 2)
    await edge.send(HEAD + f"Transfer-Encoding: chunked\r\n\r\n{len(inner):x}\r\n{inner}\r\n0\r\n\r\n", 2)
    assert [(asked.target, asked.body) for asked in edge.replica.asked] == [
        ("/v1/unions/u/offers", inner.encode())
    ] * 2


@pytest.mark.parametrize(
    "target", ["/v1/../internal/x", "/internal/x", "//v1/unions", "http://other.example/internal/x", "*"]
)
async def test_no_path_leads_around_the_table_of_prefixes(edge: Edge, target: str) -> None:
    await edge.send(f"GET {target} HTTP/1.1\r\nHost: guild.example\r\n\r\n", 2)
    assert edge.replica.asked == []


async def test_a_header_that_connection_names_does_not_take_a_header_of_ours_away(edge: Edge) -> None:
    await edge.send(HEAD + "Connection: host, content-length, x-request-id\r\nContent-Length: 2\r\n\r\n{}")
    asked = edge.replica.asked[0]
    assert asked.body == b"{}" and len(asked.values("host")) == 1


async def test_a_declared_body_over_the_limit_is_refused_before_it_is_read(edge: Edge) -> None:
    said = await edge.send(HEAD + "Content-Length: 2000000\r\n\r\n")
    assert said.startswith("HTTP/1.1 413") and edge.replica.asked == []


async def test_a_body_that_trickles_is_refused_in_time(edge: Edge) -> None:
    said = await edge.send(HEAD + "Content-Length: 20\r\n\r\n{}")
    assert said.startswith("HTTP/1.1 408") and "body-too-slow" in said
    assert edge.replica.asked == []


async def test_a_replica_that_hangs_is_a_503_within_the_time_limit(edge: Edge) -> None:
    edge.replica.act = hang
    said = await edge.send(HEAD + "Content-Length: 2\r\n\r\n{}")
    assert said.startswith("HTTP/1.1 503") and "retry-after: 1" in said.lower()


async def test_a_replica_that_is_gone_is_a_503(edge: Edge) -> None:
    await edge.replica.stop()
    said = await edge.send(HEAD + "Content-Length: 2\r\n\r\n{}")
    assert said.startswith("HTTP/1.1 503")


async def test_an_answer_that_breaks_off_is_cut_and_never_ended_as_if_whole(edge: Edge) -> None:
    edge.replica.act = says(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nbegun\r\n")
    said = await edge.send(GET, to_its_end=True)
    assert "begun" in said and not said.endswith("0\r\n\r\n")


async def test_a_client_that_goes_away_ends_the_work_behind_it(edge: Edge) -> None:
    edge.replica.act = hang
    await edge.send(GET, 0.3)
    await asyncio.wait_for(edge.replica.aborted.wait(), 0.6)


async def test_a_client_is_told_one_date(edge: Edge) -> None:
    """The replica is a server of its own, and dates what it says."""
    dated = b"HTTP/1.1 200 OK\r\nDate: Mon, 01 Mar 2027 12:00:00 GMT\r\nContent-Length: 2\r\n\r\n{}"
    edge.replica.act = says(dated)
    said = (await edge.send(GET)).lower()
    assert said.count("\r\ndate: ") == 1, said
