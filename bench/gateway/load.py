"""The load: keep-alive connections that each send the next request when an answer is in. Its own process.

It speaks just enough HTTP/1.1 to cost little beside what it measures: prepared requests, Content-Length.
`python -m bench.gateway.load` reads a plan as JSON from its input and writes the result as JSON.
"""

from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
import time
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import cast

CONNECTIONS = 32
WARM_SECONDS = 1.0
ANSWER_SECONDS_MAX = 20


@dataclass(frozen=True, slots=True)
class Target:
    """What one connection asks for, again and again."""

    path: str
    token: str | None = None


@dataclass(frozen=True, slots=True)
class Load:
    """What was measured. `refused`: answers other than 200. `cpu_us`: of the server's process, a request."""

    requests_per_second: float
    p50_ms: float
    p99_ms: float
    requests: int
    refused: int
    cpu_us: float = 0.0


def load_of(
    port: int, targets: list[Target], seconds: float, process_id: int, connections: int = CONNECTIONS
) -> Load:
    """Run the load in a process of its own, against the server with this process id."""
    plan = {
        "port": port,
        "targets": [asdict(target) for target in targets],
        "seconds": seconds,
        "connections": connections,
    }
    cpu_before = cpu_seconds_of(process_id)
    done = subprocess.run(
        [sys.executable, "-m", "bench.gateway.load"],
        input=json.dumps(plan),
        capture_output=True,
        text=True,
        check=True,
        timeout=seconds + 60,
    )
    cpu_seconds = cpu_seconds_of(process_id) - cpu_before
    load = Load(**json.loads(done.stdout))
    # The second before the counted ones costs alike.
    counted = load.requests * (seconds + WARM_SECONDS) / seconds
    return replace(load, cpu_us=cpu_seconds / counted * 1e6)


def cpu_seconds_of(process_id: int) -> float:
    """Of a process of another's, where the system tells it; 0 elsewhere."""
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except OSError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


@dataclass(slots=True)
class _Measured:
    counted_from: float
    until: float
    seconds: list[float] = field(default_factory=list[float])
    refused: int = 0


class _Connection(asyncio.Protocol):
    def __init__(self, request: bytes, measured: _Measured, ended: asyncio.Future[None]) -> None:
        self._request = request
        self._measured = measured
        self._ended = ended
        self._buffer = b""
        self._sent_at = 0.0
        self._transport: asyncio.Transport | None = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)  # uvloop's is one without saying so
        self._send()

    def _send(self) -> None:
        assert self._transport is not None
        self._sent_at = time.perf_counter()
        self._transport.write(self._request)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0 or len(self._buffer) < end + 4 + _body_bytes(self._buffer[:end]):
            return
        now = time.perf_counter()
        if now >= self._measured.counted_from:
            self._measured.seconds.append(now - self._sent_at)
            self._measured.refused += self._buffer[9:12] != b"200"
        self._buffer = b""
        if now < self._measured.until:
            self._send()
        elif self._transport is not None:
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._ended.done():
            self._ended.set_result(None)


def _body_bytes(head: bytes) -> int:
    start = head.lower().index(b"\r\ncontent-length:") + 17
    end = head.find(b"\r\n", start)
    return int(head[start : end if end > 0 else None])


async def _run(port: int, targets: list[Target], seconds: float, connections: int) -> Load:
    loop = asyncio.get_running_loop()
    began = time.perf_counter()
    measured = _Measured(began + WARM_SECONDS, began + WARM_SECONDS + seconds)
    ends: list[asyncio.Future[None]] = []
    for number in range(connections):
        ended: asyncio.Future[None] = loop.create_future()
        ends.append(ended)
        request = _request(port, targets[number % len(targets)])
        await loop.create_connection(
            lambda request=request, ended=ended: _Connection(request, measured, ended), "127.0.0.1", port
        )
    async with asyncio.timeout(WARM_SECONDS + seconds + ANSWER_SECONDS_MAX):
        await asyncio.gather(*ends)
    ordered = sorted(measured.seconds)
    return Load(
        requests_per_second=len(ordered) / seconds,
        p50_ms=ordered[len(ordered) // 2] * 1_000,
        p99_ms=ordered[len(ordered) * 99 // 100] * 1_000,
        requests=len(ordered),
        refused=measured.refused,
    )


def _request(port: int, target: Target) -> bytes:
    token = f"authorization: Bearer {target.token}\r\n" if target.token else ""
    return (
        f"GET {target.path} HTTP/1.1\r\nhost: localhost:{port}\r\naccept: application/json\r\n{token}\r\n"
    ).encode()


def main() -> None:
    plan = json.load(sys.stdin)
    targets = [Target(**target) for target in plan["targets"]]
    work = _run(plan["port"], targets, plan["seconds"], plan["connections"])
    try:
        import uvloop
    except ImportError:
        result = asyncio.run(work)
    else:
        result = uvloop.run(work)
    json.dump(asdict(result), sys.stdout)


if __name__ == "__main__":
    main()
