"""The benchmark: its load is sent and counted, its goals say truly whether they hold."""

import asyncio
import os
from dataclasses import replace

import pytest

from bench.gateway.door_cost import door_microseconds
from bench.gateway.load import Load, Target, load_of
from bench.gateway.run import Figures
from guildhall.benchmarks import bench
from guildhall.refusals import StartRefused

GOOD = Load(requests_per_second=4_000, p50_ms=5, p99_ms=20, requests=8_000, refused=0)


def figures(**changed: Load) -> Figures:
    loads = {"ordinary read": GOOD, "hot read": GOOD} | {
        name.replace("_", " "): load for name, load in changed.items()
    }
    return Figures(loads, door_microseconds=10, warm_start_seconds=3)


def failed(measured: Figures) -> list[str]:
    return [goal.name for goal in measured.goals() if not goal.holds]


def test_goals_hold_where_they_do_and_nowhere_else() -> None:
    assert failed(figures()) == []
    assert failed(figures(hot_read=replace(GOOD, requests_per_second=2_999))) == ["hot read, requests/s"]
    assert failed(figures(ordinary_read=replace(GOOD, p99_ms=31))) == ["ordinary read, p99 ms"]
    assert failed(figures(ordinary_read=replace(GOOD, refused=1))) == ["answers other than 200"]
    assert failed(replace(figures(), door_microseconds=41)) == ["gateway, us of CPU a request"]


def test_the_json_ends_with_the_goals() -> None:
    told = figures().as_json()
    assert list(told)[-1] == "goals"
    assert set(told["goals"][0]) == {"name", "goal", "measured", "holds"}


async def test_the_load_counts_answers_and_refusals() -> None:
    asked: list[bytes] = []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                asked.append(head)
                status = b"200 OK" if b"/good" in head else b"404 Not Found"
                writer.write(b"HTTP/1.1 %b\r\nContent-Length: 2\r\n\r\n{}" % status)
        except asyncio.IncompleteReadError:
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    targets = [Target("/good", "token"), Target("/bad")]
    load = await asyncio.to_thread(load_of, port, targets, 0.3, os.getpid())
    server.close()
    assert load.requests > 0 and 0 < load.refused < load.requests
    assert load.p50_ms <= load.p99_ms
    assert any(b"authorization: Bearer token\r\n" in head for head in asked)


def test_what_the_door_adds_is_measured() -> None:
    assert 0 < door_microseconds(200) < 1_000


def test_another_benchmark_is_refused_by_name() -> None:
    with pytest.raises(StartRefused, match="nothing"):
        bench("nothing")
