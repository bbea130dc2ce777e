"""`guildhall serve NAME` as processes of their own, from environment settings alone."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from guildhall.keys import MEMBER_TOKENS_KEY
from guildhall.postgres.roles import BUS
from tests.support.embedded import REPOSITORY, free_port
from tests.support.network import KEEPS_FILES
from tests.support.postgres import ServiceDatabase


@dataclass
class ServedProcess:
    """One process of a service; started, stopped and killed as often as a test wants, on one port.

    `log`: a file for what it prints, where that may be more than a pipe holds.
    """

    name: str
    environment: Mapping[str, str]
    port: int = field(default_factory=free_port)
    log: Path | None = None
    _process: subprocess.Popen[str] | None = None

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def process_id(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self) -> ServedProcess:
        with contextlib.ExitStack() as stack:
            output = subprocess.PIPE if self.log is None else stack.enter_context(self.log.open("a"))
            self._process = subprocess.Popen(
                [sys.executable, "-m", "guildhall.command", "serve", self.name, "--port", str(self.port)],
                cwd=REPOSITORY,
                env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), **self.environment},
                stdout=output,
                stderr=subprocess.STDOUT,
                text=True,
            )
        return self

    def wait_until_live(self, within_seconds: float = 90) -> None:
        deadline = time.monotonic() + within_seconds
        while True:
            assert self._process is not None and self._process.poll() is None, self.said()
            try:
                if httpx.get(f"{self.url}/livez", timeout=5).status_code == 200:
                    return
            except httpx.HTTPError:
                assert time.monotonic() < deadline, "not live in time"
            time.sleep(0.05)

    def stop(self) -> int:
        """SIGTERM; the exit code."""
        assert self._process is not None
        self._process.send_signal(signal.SIGTERM)
        return self._process.wait(30)

    def kill(self) -> None:
        assert self._process is not None
        self._process.kill()
        self._process.wait(10)

    def said(self) -> str:
        """All that it printed; it has ended."""
        if self.log is not None:
            return self.log.read_text()
        assert self._process is not None and self._process.stdout is not None
        return self._process.stdout.read()

    def exit_code(self, within_seconds: float = 60) -> int:
        assert self._process is not None
        return self._process.wait(within_seconds)

    def end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self.kill()


def environment_of(
    service: str, databases: Mapping[str, ServiceDatabase], keys_folder: Path, public_url: str
) -> dict[str, str]:
    """The settings of a service's process as an operator writes them."""
    prefix = service.upper()
    given = {
        "PUBLIC_URL": public_url,
        "SERVICE_KEYS_FILE": str(keys_folder / "service-keys.json"),
        f"{prefix}_SERVICE_KEY_FILE": str(keys_folder / f"{service}.pem"),
        "BUS_URL": databases[BUS].url,
    }
    if service in databases:
        given |= {
            f"{prefix}_DATABASE_URL": over_tcp(databases[service].url),
            f"{prefix}_OWNER_DATABASE_URL": databases[service].owner_url,
            "BUS_OWNER_URL": databases[BUS].owner_url,
        }
    if service in KEEPS_FILES:
        given["FILES_FOLDER"] = str(keys_folder / "files")
    if service == "identity":
        given["IDENTITY_SIGNING_KEY_FILE"] = str(keys_folder / MEMBER_TOKENS_KEY)
    return given


def over_tcp(url: str) -> str:
    """The address of a database by TCP, where connections have ports that tell whose they are."""
    parts = urlsplit(url)
    given = parse_qs(parts.query)
    if "port" not in given:
        return url
    return f"postgresql://{parts.netloc.rpartition('@')[0]}@127.0.0.1:{given['port'][0]}{parts.path}"
