"""The load: each connection sends its prepared requests one after the other. Its own process.

`python -m bench.ledger.load FILE` reads a port and the streams from a pickle and writes the result as JSON.
"""

from __future__ import annotations

import asyncio
import json
import pickle
import subprocess
import sys
import tempfile
import time
from dataclasses import asdict, dataclass, field
from pathlib import Path

POSTED = b'"result":"posted"'
SECONDS_MAX = 300


@dataclass(frozen=True, slots=True)
class Sent:
    """What came of it. `refused_count`: requests that were not answered 2xx; their transfers do not count.

    A rate is of what was answered behind the first answer, over the time from that to the last one.
    """

    transfers_per_second: float
    requests_per_second: float
    p50_ms: float
    p99_ms: float
    posted_count: int
    refused_count: int
    seconds: float


def sent_of(port: int, streams: list[list[bytes]]) -> Sent:
    """Send all of them, from a process of its own. Raises ValueError where too little is left to measure."""
    with tempfile.TemporaryDirectory(prefix="guildhall-load-") as folder:
        plan = Path(folder) / "plan"
        plan.write_bytes(pickle.dumps((port, streams)))
        done = subprocess.run(
            [sys.executable, "-m", "bench.ledger.load", str(plan)],
            capture_output=True,
            text=True,
            check=True,
            timeout=SECONDS_MAX + 30,
        )
    return Sent(**json.loads(done.stdout))


@dataclass(slots=True)
class Measured:
    """`ends`: when each request was answered, and how many transfers it posted."""

    ends: list[tuple[float, int]] = field(default_factory=list[tuple[float, int]])
    latencies: list[float] = field(default_factory=list[float])
    refused_count: int = 0

    def note(self, began: float, ended: float, status: bytes, body: bytes) -> None:
        if not status.startswith(b"2"):
            self.refused_count += 1
            return
        self.ends.append((ended, body.count(POSTED)))
        self.latencies.append(ended - began)

    def result(self) -> Sent:
        if len(self.ends) < 2:
            raise ValueError(
                f"too few were answered to measure: {len(self.ends)}, {self.refused_count} refused"
            )
        ends = sorted(self.ends)
        seconds = ends[-1][0] - ends[0][0]
        latencies = sorted(self.latencies)
        return Sent(
            transfers_per_second=sum(count for _, count in ends[1:]) / seconds,
            requests_per_second=(len(ends) - 1) / seconds,
            p50_ms=latencies[len(latencies) // 2] * 1_000,
            p99_ms=latencies[len(latencies) * 99 // 100] * 1_000,
            posted_count=sum(count for _, count in ends),
            refused_count=self.refused_count,
            seconds=seconds,
        )


async def _send(port: int, requests: list[bytes], measured: Measured) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=2**24)
    for request in requests:
        began = time.perf_counter()
        writer.write(request)
        head = await reader.readuntil(b"\r\n\r\n")
        body = await reader.readexactly(_body_bytes(head.lower()))
        measured.note(began, time.perf_counter(), head[9:12], body)
    writer.close()


def _body_bytes(head: bytes) -> int:
    """None is told where there is no body (204)."""
    start = head.find(b"content-length:")
    return 0 if start < 0 else int(head[start + 15 : head.index(b"\r\n", start)])


async def _run(port: int, streams: list[list[bytes]]) -> Sent:
    measured = Measured()
    async with asyncio.timeout(SECONDS_MAX):
        await asyncio.gather(*(_send(port, requests, measured) for requests in streams))
    return measured.result()


def main() -> None:
    port, streams = pickle.loads(Path(sys.argv[1]).read_bytes())
    json.dump(asdict(asyncio.run(_run(port, streams))), sys.stdout)


if __name__ == "__main__":
    main()
