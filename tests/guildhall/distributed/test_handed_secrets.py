"""Each process is given its own secrets and nothing of the others'; made once, and kept."""

from __future__ import annotations

import json
import stat
from dataclasses import replace
from pathlib import Path

import pytest

from guildhall.distributed.handed_secrets import Places, hand_out
from guildhall.keys import GATEWAY
from guildhall.postgres.roles import SERVICES
from guildhall.publisher import PUBLISHER
from guildhall.refusals import StartRefused

PLACES = Places("postgres:5432", "kafka:9092", "kafka:9093", "kafka:9094", "guild.example:9094")


def _contents(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


@pytest.fixture
def into(tmp_path: Path) -> Path:
    hand_out(tmp_path / "data", tmp_path / "into", PLACES)
    return tmp_path / "into"


def test_no_password_and_no_private_key_is_given_to_two(into: Path) -> None:
    passwords: dict[str, str] = json.loads((into.parent / "data/secrets/database-passwords.json").read_text())
    for folder in into.iterdir():
        given = b"\n".join(_contents(folder).values()).decode()
        allowed = {folder.name, f"{folder.name}_owner"} | ({"operator"} if folder.name == "kafka" else set())
        for user, password in passwords.items():
            assert (password in given) <= (user in allowed), f"{folder.name} is given the password of {user}"
    keys = [content for name, content in _contents(into).items() if name.endswith(".pem")]
    assert len(keys) == len(set(keys)) == len(SERVICES) + 2


def test_the_addresses_are_those_named(into: Path) -> None:
    assert "@postgres:5432/guildhall_market" in (into / "market/database-url").read_text()
    assert (into / "market/bus-url").read_text().endswith("@kafka:9092?security=sasl_plaintext")
    properties = (into / "kafka/server.properties").read_text()
    assert "listeners=CONTROLLER://kafka:9093,INTERNAL://kafka:9092,EXTERNAL://kafka:9094\n" in properties
    assert "advertised.listeners=INTERNAL://kafka:9092,EXTERNAL://guild.example:9094\n" in properties
    assert (into.parent / "data/secrets/kafka-external").read_text() == "guild.example:9094"
    assert "127.0.0.1" not in properties and "log.dirs" not in properties


def test_repeating_changes_nothing_and_another_place_changes_addresses_alone(
    into: Path, tmp_path: Path
) -> None:
    before = _contents(tmp_path)
    hand_out(tmp_path / "data", into, PLACES)
    assert _contents(tmp_path) == before
    hand_out(tmp_path / "data", into, replace(PLACES, database="db:1"))
    changed = {name for name, content in _contents(tmp_path).items() if before[name] != content}
    assert changed == {"data/secrets/database-url"} | {
        f"into/{service}/{kind}" for service in SERVICES for kind in ("database-url", "owner-database-url")
    }


def test_what_is_ours_is_readable_to_us_alone(into: Path) -> None:
    for service in (*SERVICES, GATEWAY, PUBLISHER):
        for file in (into / service).iterdir():
            assert stat.S_IMODE(file.stat().st_mode) == 0o400, file
    assert stat.S_IMODE(into.stat().st_mode) == 0o700


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    (tmp_path / "into").write_text("a file")
    with pytest.raises(StartRefused, match="secrets cannot be written"):
        hand_out(tmp_path / "data", tmp_path / "into", PLACES)
