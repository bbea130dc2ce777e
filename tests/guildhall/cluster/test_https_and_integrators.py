"""A running cluster behind HTTPS, as an operator has it, and an integrator's consumer as printed."""

import json
import os
import shutil
import signal
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path

import httpx
import pytest

from chassis.clock import SystemClock
from guildhall.kafka.jars import what_is_missing
from tests.guildhall.integrators.reading import lines_of, running
from tests.support.embedded import REPOSITORY, free_port
from tests.support.personas import Persona

READY_SECONDS = 300
AUTHORITY = Path("volumes/caddy-data/caddy/pki/authorities/local/root.crt")
CADDY = Path(sys.executable).with_name("caddy")
MISSING = what_is_missing() or (
    None if CADDY.exists() or shutil.which("caddy") else "no caddy (scripts/setup cluster brings it)"
)
pytestmark = [pytest.mark.slow, pytest.mark.skipif(MISSING is not None, reason=str(MISSING))]


@pytest.fixture(scope="module")
def home() -> Generator[Path]:
    """Its name is short, so that PostgreSQL's socket fits."""
    made = Path(tempfile.mkdtemp(prefix="guildhall-https-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@contextmanager
def _cluster(home: Path, url: str, port: int) -> Generator[None]:
    said = home / "said"
    command = [sys.executable, "-m", "guildhall.command", "cluster", "--data", str(home), "--port", str(port)]
    with said.open("w") as out:
        process = subprocess.Popen(
            command, cwd=REPOSITORY, stdout=out, stderr=out, env=os.environ | {"PUBLIC_URL": url}
        )
    try:
        deadline = time.monotonic() + READY_SECONDS
        while "Ctrl-C stops it" not in said.read_text():
            assert process.poll() is None and time.monotonic() < deadline, said.read_text()
            time.sleep(0.2)
        yield
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(120)


@pytest.fixture(scope="module")
def url(home: Path) -> Generator[str]:
    port = free_port()
    served = f"https://localhost:{port}"
    with _cluster(home, served, port):
        yield served


def _client(home: Path, url: str) -> httpx.AsyncClient:
    """Trusts Caddy's own authority alone."""
    trusted = ssl.create_default_context(cafile=str(home / AUTHORITY))
    return httpx.AsyncClient(base_url=url, verify=trusted, timeout=30)


def _integrator(home: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guildhall.command", "integrator", *arguments, "--data", str(home)],
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


async def test_an_integrators_consumer_reads_what_a_union_does_behind_https(
    home: Path, url: str, tmp_path: Path
) -> None:
    async with _client(home, url) as http:
        founder = Persona("founder", http, url, SystemClock())
        await founder.sign_in()
        body = {"name": "Criers", "purpose": "To cry the news.", "slug": "criers"}
        founded = await founder.act("POST", "/v1/unions", body)
        assert founded.status_code == 201, founded.text
        assert founded.headers["strict-transport-security"]
        added = _integrator(home, "add", "town-crier", "--union", "criers")
        assert added.returncode == 0, added.stdout + added.stderr
        program = added.stdout.split("# consumer.py (pip install confluent-kafka)\n")[1].split("# or, from")[
            0
        ]
        file, said = tmp_path / "consumer.py", tmp_path / "said"
        file.write_text(program)
        with running([sys.executable, str(file)], said):
            await lines_of(said, 1, "union ")
            for number in range(3):
                tag = (await founder.get("/v1/unions/criers/charter")).headers["etag"]
                changed = await founder.act(
                    "PATCH",
                    "/v1/unions/criers/charter",
                    {"values": [f"News {number}"]},
                    headers={"if-match": tag},
                )
                assert changed.status_code == 200, changed.text
            told = [json.loads(line.removeprefix("union ")) for line in await lines_of(said, 4, "union ")]
    assert {one["union_id"] for one in told} == {founded.json()["id"]}
    versions = [one["version"] for one in told]
    assert versions == sorted(versions) and len(set(versions)) >= 4
    assert "town-crier" in _integrator(home, "list").stdout
    assert _integrator(home, "remove", "town-crier").returncode == 0
    assert "town-crier" not in _integrator(home, "list").stdout


async def test_whoever_does_not_trust_the_certificate_is_not_served(url: str) -> None:
    async with httpx.AsyncClient(base_url=url) as http:
        with pytest.raises(httpx.ConnectError, match="certificate"):
            await http.get("/v1/unions")
