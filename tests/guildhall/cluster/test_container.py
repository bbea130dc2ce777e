"""A process of the cluster: its restart policy, its health, its stop."""

from __future__ import annotations

import asyncio
import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from guildhall.cluster.compose_file import ComposeService, HealthCheck
from guildhall.cluster.container import Container, Launch, State

Make = Callable[..., Container]


@pytest.fixture
def make(tmp_path: Path) -> Make:
    def made(script: str, restart: str = "no", health: str | None = None, retries: int = 1) -> Container:
        check = HealthCheck(("sh", "-c", health), 1, 2, retries, 0) if health else None
        service = ComposeService("one", "guildhall", (), {}, {}, check, restart, {}, False, 1)
        launch = Launch(
            ("sh", "-c", script),
            check.test if check else (),
            {"PATH": os.defpath},
            tmp_path,
            tmp_path / "one.log",
        )
        return Container(service, 1, "127.0.0.1", launch, lambda: None)

    return made


async def _becomes(container: Container, state: State) -> None:
    async with asyncio.timeout(20):
        while container.state != state:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


@pytest.mark.parametrize(
    ("script", "state"), [("echo well", State.COMPLETED), ("echo ill; exit 3", State.FAILED)]
)
async def test_what_runs_once_has_completed_or_failed(make: Make, script: str, state: State) -> None:
    container = make(script)
    await container.run()
    assert container.state == state
    assert container.last_words() == script.split(";", maxsplit=1)[0].removeprefix("echo ")


async def test_what_runs_until_it_succeeds_is_started_again_on_failure(make: Make, tmp_path: Path) -> None:
    container = make("echo >> tries; test $(wc -l < tries) -ge 3", restart="on-failure")
    await container.run()
    assert container.state == State.COMPLETED
    assert (tmp_path / "tries").read_text().count("\n") == 3


async def test_what_serves_is_started_again_after_it_was_killed_until_it_is_stopped(make: Make) -> None:
    container = make("exec sleep 60", restart="unless-stopped")
    running = asyncio.create_task(container.run())
    await _becomes(container, State.RUNNING)
    killed = container.process_id
    assert killed is not None
    os.kill(killed, signal.SIGKILL)
    async with asyncio.timeout(20):
        while container.process_id in {None, killed}:  # noqa: ASYNC110
            await asyncio.sleep(0.02)
    await container.stop()
    await asyncio.wait_for(running, 5)
    assert container.process_id is None


async def test_a_process_that_does_not_stop_in_its_time_is_killed(make: Make) -> None:
    container = make("trap '' TERM; while true; do sleep 0.1; done", restart="unless-stopped")
    running = asyncio.create_task(container.run())
    await _becomes(container, State.RUNNING)
    await asyncio.sleep(0.2)
    await container.stop()
    await asyncio.wait_for(running, 5)


async def test_health_is_what_the_check_says(make: Make, tmp_path: Path) -> None:
    container = make("exec sleep 60", restart="unless-stopped", health="test -e well")
    running = asyncio.create_task(container.run())
    await _becomes(container, State.UNHEALTHY)
    (tmp_path / "well").touch()
    await _becomes(container, State.HEALTHY)
    (tmp_path / "well").unlink()
    await _becomes(container, State.UNHEALTHY)
    await container.stop()
    await asyncio.wait_for(running, 5)
