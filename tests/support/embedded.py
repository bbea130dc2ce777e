"""`guildhall up` as another process, the way an operator starts it."""

import os
import queue
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from guildhall.postgres.postmaster import read_postmaster_file

REPOSITORY = Path(__file__).parents[2]


class EmbeddedGuildhall:
    """One data folder served on one port; started, stopped and killed as often as a test wants."""

    def __init__(
        self, folder: Path, port: int | None = None, *, within: Sequence[str] = (), **environment: str
    ) -> None:
        """`within`: a command that becomes this one, in a narrower place."""
        self.folder = folder
        self._within = within
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}"
        self.output: list[str] = []
        self.started_in_seconds = 0.0
        self._environment = environment
        self._process: subprocess.Popen[str] | None = None

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def postgres_process_id(self) -> int:
        """The server's, by its own word."""
        seen = read_postmaster_file(self.folder / "postgres" / "cluster")
        assert seen is not None
        return seen.process_id

    def start(self, ready_within_seconds: float = 90) -> None:
        """Returns when the gateway answers."""
        began = time.monotonic()
        self.output.clear()
        self._process = subprocess.Popen(
            [
                *self._within,
                sys.executable,
                "-m",
                "guildhall.command",
                "up",
                "--data",
                self.folder,
                "--port",
                str(self.port),
            ],
            cwd=REPOSITORY,
            env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), **self._environment},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=_read, args=(self._process, lines), daemon=True).start()
        while not any(line.startswith("Ctrl-C stops it") for line in self.output):
            try:
                line = lines.get(timeout=max(0.01, began + ready_within_seconds - time.monotonic()))
            except queue.Empty:
                self.kill()
                raise AssertionError(f"not ready in {ready_within_seconds} s:\n{self.said()}") from None
            if line is None:
                raise AssertionError(f"ended with {self._process.wait()}:\n{self.said()}")
            self.output.append(line.rstrip("\n"))
        self.started_in_seconds = time.monotonic() - began

    def said(self) -> str:
        return "\n".join(self.output)

    def stop(self) -> int:
        """SIGTERM, as an operator or a container engine does; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(60)

    def kill(self) -> None:
        """SIGKILL to the process; its PostgreSQL is left to itself."""
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def __enter__(self) -> "EmbeddedGuildhall":
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        if self.is_running():
            self.stop()


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _read(process: subprocess.Popen[str], lines: "queue.Queue[str | None]") -> None:
    assert process.stdout is not None
    for line in process.stdout:
        lines.put(line)
    lines.put(None)
