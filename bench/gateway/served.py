"""A deployment of its own for the benchmark: `guildhall up` on a temporary folder and a free port."""

from __future__ import annotations

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Mapping
from contextlib import contextmanager
from pathlib import Path

READY_LINE = "Ctrl-C stops it"
READY_SECONDS_MAX = 120
UNLIMITED = "1000000000"
HERE = Path(__file__).parents[2]


class Served:
    """Starts and stops `guildhall up`, or `cluster`; limits of requests are lifted, and `settings` set."""

    def __init__(self, folder: Path, command: str = "up", settings: Mapping[str, str] | None = None) -> None:
        self.folder = folder
        self._command = command
        self._settings = dict(settings or {})
        self.port = free_port()
        self.url = f"http://localhost:{self.port}"
        self.process_id = 0
        self._process: subprocess.Popen[str] | None = None

    def start(self) -> float:
        """Seconds until it says that it is ready."""
        began = time.monotonic()
        self._process = subprocess.Popen(
            [
                sys.executable,
                "-m",
                "guildhall.command",
                self._command,
                "--data",
                self.folder,
                "--port",
                str(self.port),
            ],
            cwd=HERE,
            env=os.environ | {"GATEWAY_REQUESTS_PER_MINUTE_PER_MEMBER_MAX": UNLIMITED} | self._settings,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.process_id = self._process.pid
        wait_for_line(self._process, READY_LINE)
        return time.monotonic() - began

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGTERM)
            self._process.wait(60)
            self._process = None


@contextmanager
def served(folder: Path) -> Generator[tuple[Served, float]]:
    """A deployment that has been started, stopped, and started again: and how long the second start took."""
    deployment = Served(folder)
    try:
        deployment.start()
        deployment.stop()
        warm_seconds = deployment.start()
        yield deployment, warm_seconds
    finally:
        deployment.stop()


def wait_for_line(process: subprocess.Popen[str], beginning: str) -> None:
    """Until the process prints a line that begins so; what it prints later is read and dropped."""
    lines: queue.Queue[str | None] = queue.Queue()

    def read() -> None:
        assert process.stdout is not None
        for line in process.stdout:
            lines.put(line)
        lines.put(None)

    threading.Thread(target=read, daemon=True).start()
    said: list[str] = []
    while True:
        line = lines.get(timeout=READY_SECONDS_MAX)
        if line is None:
            raise RuntimeError(f"it ended before it was ready:\n{''.join(said)}")
        if line.startswith(beginning):
            return
        said.append(line)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
