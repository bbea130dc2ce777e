"""`deploy/kafka/start.sh` formats once, says its password to nobody, and becomes the broker."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from tests.support.embedded import REPOSITORY

PASSWORD = 'pass"word\\'
RUN_CLASS = """
printf '%s\\n' "$*" >> "$KAFKA_HOME/said"
cp "${1#@}" "$KAFKA_HOME/formatted"
test ! -e "$KAFKA_HOME/fails" || exit 3
mkdir "$KAFKA_DATA/log" && touch "$KAFKA_DATA/log/meta.properties"
"""
SERVER_START = 'printf "started %s\\n" "$*" >> "$KAFKA_HOME/said"'


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """With programs that write down how they are called."""
    for folder in ("bin", "secrets", "with a space"):
        (tmp_path / folder).mkdir()
    for name, script in (("kafka-run-class.sh", RUN_CLASS), ("kafka-server-start.sh", SERVER_START)):
        (tmp_path / "bin" / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / "bin" / name).chmod(0o755)
    (tmp_path / "secrets/server.properties").write_text("node.id=1\n")
    (tmp_path / "secrets/cluster-id").write_text("a-cluster")
    (tmp_path / "secrets/operator-password").write_text(PASSWORD)
    return tmp_path


def _start(home: Path) -> int:
    folders = {"KAFKA_HOME": home, "KAFKA_DATA": home / "with a space", "KAFKA_SECRETS": home / "secrets"}
    environment = {"PATH": os.defpath, **{name: str(folder) for name, folder in folders.items()}}
    script = REPOSITORY / "deploy" / "kafka" / "start.sh"
    return subprocess.run(["sh", script], env=environment, check=False).returncode


def test_a_folder_is_formatted_once_with_a_password_that_no_argument_has(home: Path) -> None:
    assert _start(home) == _start(home) == 0
    data = home / "with a space"
    started = f"started {data}/server.properties"
    assert (home / "said").read_text().splitlines() == [f"@{data}/format.arguments", started, started]
    *_, last = (home / "formatted").read_text().splitlines()
    assert last == r'"SCRAM-SHA-512=[name=operator,password=pass\"word\\]"'
    assert f'"{data}/server.properties"' in (home / "formatted").read_text()
    assert (home / "formatted").stat().st_mode & 0o077 == 0
    assert not (data / "format.arguments").exists()


def test_a_format_that_fails_starts_no_broker_and_leaves_no_password(home: Path) -> None:
    (home / "fails").touch()
    assert _start(home) == 3
    assert "started" not in (home / "said").read_text()
    assert not (home / "with a space/format.arguments").exists()
