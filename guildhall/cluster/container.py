"""One replica of a service as a process: started, looked at, restarted as its policy says, stopped."""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from guildhall.cluster.compose_file import ComposeService
from guildhall.guard import Guard

_AGAIN_SECONDS, _AGAIN_SECONDS_MAX = 0.1, 10.0
_SETTLED_SECONDS = 10.0
"""A process that ran this long has settled: its next end is the first again."""
_LOOK_SECONDS = 0.5
"""Pause between looks until one finds it healthy, so that a start need not wait for an interval."""


class State(StrEnum):
    WAITING = "waiting"
    RUNNING = "running"
    HEALTHY = "healthy"
    UNHEALTHY = "unhealthy"
    COMPLETED = "completed"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Launch:
    """What is run, with the names and paths of this machine."""

    command: tuple[str, ...]
    health_command: tuple[str, ...]
    environment: Mapping[str, str]
    folder: Path
    log: Path


class Container:
    """`changed` is called when its state or its process has changed."""

    def __init__(
        self, service: ComposeService, replica: int, address: str, launch: Launch, changed: Callable[[], None]
    ) -> None:
        self.service = service
        self.replica = replica
        self.address = address
        self.launch = launch
        self.state = State.WAITING
        self.process_id: int | None = None
        self._changed = changed
        self._process: asyncio.subprocess.Process | None = None
        self._stopping = False

    @property
    def name(self) -> str:
        return f"{self.service.name}-{self.replica}"

    def last_words(self) -> str:
        """The last line of its log."""
        try:
            lines = self.launch.log.read_text(errors="replace").strip().splitlines()
        except OSError:
            lines = []
        return lines[-1][:300] if lines else "it said nothing"

    async def run(self) -> None:
        """Until it has completed, has failed for good, or is stopped."""
        pause = _AGAIN_SECONDS
        while not self._stopping:
            began = asyncio.get_running_loop().time()
            code = await self._run_once()
            restart = self.service.restart
            if self._stopping or restart == "no" or (restart == "on-failure" and code == 0):
                self._become(State.COMPLETED if code == 0 else State.FAILED)
                return
            self._become(State.RUNNING if self.service.health is None else State.WAITING)
            if asyncio.get_running_loop().time() - began > _SETTLED_SECONDS:
                pause = _AGAIN_SECONDS
            await asyncio.sleep(pause)
            pause = min(2 * pause, _AGAIN_SECONDS_MAX)

    async def stop(self) -> None:
        """SIGTERM, and SIGKILL when its time to stop is over."""
        self._stopping = True
        process = self._process
        if process is None or process.returncode is not None:
            return
        with contextlib.suppress(ProcessLookupError):
            process.terminate()
        try:
            await asyncio.wait_for(process.wait(), self.service.stop_seconds)
        except TimeoutError:
            with contextlib.suppress(ProcessLookupError):
                process.kill()
            await process.wait()

    async def _run_once(self) -> int:
        with self.launch.log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                *self.launch.command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                env=dict(self.launch.environment),
                cwd=self.launch.folder,
                start_new_session=True,
            )
        guard = Guard(self._process.pid, signal.SIGTERM)
        self.process_id = self._process.pid
        self._become(State.RUNNING)
        looking = asyncio.create_task(self._look()) if self.service.health is not None else None
        try:
            return await self._process.wait()
        finally:
            if looking is not None:
                looking.cancel()
                await asyncio.gather(looking, return_exceptions=True)
            self.process_id = None
            await asyncio.to_thread(guard.release)

    async def _look(self) -> None:
        health = self.service.health
        assert health is not None
        began, failed = asyncio.get_running_loop().time(), 0
        while True:
            if await self._is_healthy(health.timeout):
                failed = 0
                self._become(State.HEALTHY)
            elif (
                self.state == State.HEALTHY or asyncio.get_running_loop().time() - began > health.start_period
            ):
                failed += 1
                if failed >= health.retries:
                    self._become(State.UNHEALTHY)
            await asyncio.sleep(health.interval if self.state == State.HEALTHY else _LOOK_SECONDS)

    async def _is_healthy(self, timeout_seconds: float) -> bool:
        looking = await asyncio.create_subprocess_exec(
            *self.launch.health_command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=dict(self.launch.environment),
            cwd=self.launch.folder,
            start_new_session=True,
        )
        try:
            return await asyncio.wait_for(looking.wait(), timeout_seconds) == 0
        except (TimeoutError, asyncio.CancelledError) as ended:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(looking.pid, signal.SIGKILL)
            await looking.wait()
            if isinstance(ended, asyncio.CancelledError):
                raise
            return False

    def _become(self, state: State) -> None:
        if state != self.state:
            self.state = state
        self._changed()
