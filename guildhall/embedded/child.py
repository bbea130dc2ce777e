"""`guildhall up` or `cluster` as a child process, for commands that need a deployment to talk to."""

import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from types import TracebackType

import httpx

from guildhall.guard import Guard
from guildhall.refusals import StartRefused
from guildhall.settings import environment_with

_STOP_SECONDS = 60


class ChildGuildhall:
    """Serves `folder` on `port` while entered. Raises StartRefused.

    `settings`: by their names in the environment, where that does not say otherwise.
    """

    def __init__(
        self,
        folder: Path,
        port: int,
        ready_within_seconds: float = 300,
        command: str = "up",
        settings: Mapping[str, str] | None = None,
    ) -> None:
        self.folder = folder
        self._command = command
        self.url = f"http://localhost:{port}"
        self._port = port
        self._ready_within_seconds = ready_within_seconds
        self._settings = settings or {}
        self._process: subprocess.Popen[str] | None = None
        self._guard: Guard | None = None
        self._said: list[str] = []

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    def __enter__(self) -> "ChildGuildhall":
        command = [sys.executable, "-m", "guildhall.command", self._command, "--data", str(self.folder)]
        self._process = subprocess.Popen(
            [*command, "--port", str(self._port)],
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            env=environment_with(self._settings),
        )
        self._guard = Guard(self._process.pid, signal.SIGTERM)
        threading.Thread(target=self._listen, daemon=True).start()
        deadline = time.monotonic() + self._ready_within_seconds
        while not self._is_ready():
            if self._process.poll() is not None or time.monotonic() > deadline:
                self._end()
                reason = self._said[-1].removeprefix("guildhall: ") if self._said else "no reason given"
                raise StartRefused(f"the deployment did not start: {reason}")
            time.sleep(0.05)
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _is_ready(self) -> bool:
        assert self._process is not None
        if not any(line.startswith("Guildhall serves") for line in self._said):
            return False
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def _listen(self) -> None:
        assert self._process is not None and self._process.stdout is not None
        for line in self._process.stdout:
            self._said.append(line.rstrip("\n"))
            if line.startswith("{"):  # a line of its log, worth seeing when it happens
                sys.stderr.write(line)

    def _end(self) -> None:
        assert self._process is not None
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(_STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._guard is not None:
            self._guard.release()
