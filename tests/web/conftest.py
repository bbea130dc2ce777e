"""A house of its own for the browser, and the journeys that are made through its page."""

import json
import os
import subprocess
import tempfile
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller

from tests.support.embedded import EmbeddedGuildhall, free_port
from tests.support.mailbox import KeptMails
from tests.web.browser import HERE, NoBrowser, chromium, node

JOURNEY_SECONDS_MAX = 300
HEARING_SECONDS = 5

Journey = Callable[..., dict[str, Any]]


@pytest.fixture(scope="session")
def node_program() -> str:
    try:
        return node()
    except NoBrowser as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def browser_program() -> str:
    try:
        return chromium()
    except NoBrowser as missing:
        pytest.skip(str(missing))


@pytest.fixture(scope="session")
def mails() -> Generator[tuple[Path, int]]:
    """A folder with what a mail server of the tests' own took, a file each; and its port."""
    with tempfile.TemporaryDirectory(prefix="guildhall-mails-") as folder:
        taken = Controller(KeptMails(Path(folder)), hostname="127.0.0.1", port=free_port())
        taken.start()
        yield Path(folder), taken.port
        taken.stop()


@pytest.fixture(scope="session")
def house(mails: tuple[Path, int]) -> Generator[EmbeddedGuildhall]:
    telling = {
        "IDENTITY_SMTP_HOST": "127.0.0.1",
        "IDENTITY_SMTP_PORT": str(mails[1]),
        "IDENTITY_SMTP_SECURITY": "none",
        "IDENTITY_EMAIL_FROM": "union@guild.example",
        "IDENTITY_PUSH_CONTACT": "operator@guild.example",
        "IDENTITY_EGRESS_LOOPBACK_ALLOWED": "true",
        "IDENTITY_NOTICE_GATHER_SECONDS": "1",
        "IDENTITY_RECOVERY_DELAY_SECONDS": "20",
        "IDENTITY_HEARING_SECONDS": str(HEARING_SECONDS),
    }
    with (
        tempfile.TemporaryDirectory(prefix="guildhall-web-") as folder,
        EmbeddedGuildhall(Path(folder) / "home", None, **telling) as running,
    ):
        yield running


@pytest.fixture(scope="session")
def screenshots() -> Generator[Path]:
    """Kept where GUILDHALL_SCREENSHOTS says, to be looked at."""
    if kept := os.environ.get("GUILDHALL_SCREENSHOTS"):
        Path(kept).mkdir(parents=True, exist_ok=True)
        yield Path(kept)
        return
    with tempfile.TemporaryDirectory(prefix="guildhall-screenshots-") as folder:
        yield Path(folder)


@pytest.fixture(scope="session")
def journey(node_program: str, browser_program: str, house: EmbeddedGuildhall, screenshots: Path) -> Journey:
    """Runs one journey of `journeys/`; what its last line says is its answer."""

    def run(name: str, **asked: object) -> dict[str, Any]:
        environment = {
            **os.environ,
            "JOURNEY": json.dumps(
                {"url": house.url, "browser": browser_program, "screenshots": str(screenshots), **asked}
            ),
        }
        ended = subprocess.run(
            [node_program, f"journeys/{name}.mjs"],
            check=False,
            cwd=HERE,
            env=environment,
            capture_output=True,
            text=True,
            timeout=JOURNEY_SECONDS_MAX,
        )
        assert ended.returncode == 0, f"{ended.stdout[-6_000:]}\n{ended.stderr[-6_000:]}"
        return json.loads(ended.stdout.strip().splitlines()[-1])

    return run
