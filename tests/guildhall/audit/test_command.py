"""`guildhall audit`: its exit codes, its two forms, its help."""

import asyncio
import os
import subprocess
import sys
from pathlib import Path

import orjson
import pytest

from guildhall.audit.command import BROKEN, CLEAN, UNREADABLE, audit_databases
from guildhall.audit.run import PROMISES
from tests.guildhall.audit.planting import names_of, written
from tests.guildhall.audit.town import Town

REPOSITORY = Path(__file__).parents[3]


def _guildhall(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "guildhall.command", *arguments],
        cwd=REPOSITORY,
        env={"PATH": os.defpath, "PYTHONPATH": str(REPOSITORY), "COLUMNS": "100", **environment},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


async def test_a_clean_deployment_ends_with_0(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(audit_databases, town.urls, as_json=False) == CLEAN
    said = capfd.readouterr().out
    assert said.rstrip().endswith("audit: clean")
    assert all(promise.name in said for promise in PROMISES)
    assert "not checked (ledger): what is owed never exceeds what the vault holds" in said


async def test_machines_are_told_the_same(town: Town, capfd: pytest.CaptureFixture[str]) -> None:
    assert await asyncio.to_thread(audit_databases, town.urls, as_json=True) == CLEAN
    told = orjson.loads(capfd.readouterr().out)
    assert told["clean"] is True
    assert [of["promise"] for of in told["promises"]] == [promise.name for promise in PROMISES]
    first = told["promises"][0]
    assert first == {
        "promise": "identity.members",
        "says": "the number of members is what counting them gives",
        "holds": True,
        "numbers": {"memberships": 12},
        "findings": [],
    }
    assert {"service", "says", "why"} == set(told["not_checked"][0])


async def test_a_violation_in_a_database_ends_with_1(
    town: Town,
    capfd: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("guildhall.audit.run.PAUSE_SECONDS", 0)
    later, back = (
        f"UPDATE timers SET due = due {sign} interval '1 year' WHERE key LIKE '%{{running}}%'"
        for sign in "+-"
    )
    async with written(town, "market", later, undone_by=back):
        assert await asyncio.to_thread(audit_databases, town.urls, as_json=True) == BROKEN
    told = orjson.loads(capfd.readouterr().out)
    assert told["clean"] is False
    (broken,) = [of for of in told["promises"] if not of["holds"]]
    assert (broken["promise"], broken["findings"][0]["database"]) == ("market.no-freeze", "market")
    assert names_of(town)["running"] in broken["findings"][0]["row"]


async def test_databases_that_cannot_be_read_end_with_2(
    town: Town, capfd: pytest.CaptureFixture[str]
) -> None:
    away = town.urls | {"ledger": "postgresql://nobody@127.0.0.1:1/ledger"}
    assert await asyncio.to_thread(audit_databases, away, as_json=False) == UNREADABLE
    said = capfd.readouterr()
    assert said.out == ""
    assert said.err.startswith("guildhall: the database of ledger cannot be read: ")
    assert said.err.count("\n") == 1


def test_a_folder_without_data_ends_with_2(tmp_path: Path) -> None:
    ended = _guildhall("audit", "--data", str(tmp_path / "empty"))
    assert ended.returncode == UNREADABLE
    assert ended.stderr.count("\n") == 1
    assert "is no data folder of Guildhall" in ended.stderr


def test_the_help_shows_the_machines_form() -> None:
    said = _guildhall("audit", "--help").stdout
    for word in (
        '"clean"',
        '"promises"',
        '"findings"',
        '"not_checked"',
        "exit 2",
        "Example: guildhall audit",
    ):
        assert word in said, said
