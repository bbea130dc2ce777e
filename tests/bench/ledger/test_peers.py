"""The peers: each does what it is measured for, or says why it is not run."""

import json
import subprocess
import sys
from pathlib import Path
from uuid import UUID

import asyncpg
import pytest

from bench.ledger import beside, django_hordak, tigerbeetle
from bench.ledger.beside import COPY, NAMES, TIGERBEETLE, Peers
from bench.ledger.peers import NotRun, copied_per_second, keep_database
from bench.ledger.plain_design import (
    ACCOUNTS,
    PURSE_MINOR,
    Refused,
    Transfer,
    post,
    posted_per_second,
    prepare,
)
from bench.ledger.scale import FULL_SCALE, QUICK_SCALE, read_stored, scale_of
from bench.ledger.sending import Spread
from bench.ledger.stored import bytes_per_transfer, store_others
from guildhall.refusals import StartRefused
from tests.support.postgres import DatabaseMaker


async def test_the_plain_design_moves_money_by_its_rules(blank_database: DatabaseMaker) -> None:
    database = await blank_database("ledger")
    async with asyncpg.create_pool(database.owner_url, min_size=1, max_size=2) as pool:
        await prepare(pool)
        await post(pool, Transfer(UUID(int=1), 1, 2, 300))
        for refused in (
            Transfer(UUID(int=2), 1, 2, PURSE_MINOR),
            Transfer(UUID(int=2), 1, 1, 1),
            Transfer(UUID(int=2), 1, 2, 0),
            Transfer(UUID(int=2), 1, ACCOUNTS + 1, 1),
        ):
            with pytest.raises(Refused):
                await post(pool, refused)
        with pytest.raises(asyncpg.UniqueViolationError):
            await post(pool, Transfer(UUID(int=1), 1, 2, 300))
        balances = await pool.fetch("SELECT balance_minor FROM balances WHERE number <= 3 ORDER BY number")
        assert [row[0] - PURSE_MINOR for row in balances] == [-300, 300, 0]
        assert await pool.fetchval("SELECT count(*) FROM transfers") == 1


async def test_the_plain_design_is_counted(blank_database: DatabaseMaker) -> None:
    database = await blank_database("ledger")
    assert await posted_per_second(database.owner_url, Spread.TO_ONE, 0.3) > 0
    connection = await asyncpg.connect(database.owner_url)
    credited = await connection.fetch("SELECT DISTINCT credit_number FROM transfers")
    total = await connection.fetchval("SELECT sum(balance_minor) FROM balances")
    await connection.close()
    assert [row[0] for row in credited] == [ACCOUNTS]
    assert total == ACCOUNTS * PURSE_MINOR


@pytest.mark.skipif(not django_hordak.is_installed(), reason="make bench NAME=ledger brings it")
async def test_django_hordak_keeps_double_entries(blank_database: DatabaseMaker) -> None:
    url = (await blank_database("ledger")).superuser_url
    said = subprocess.run(  # noqa: ASYNC221
        [sys.executable, "-m", "bench.ledger.django_hordak", url, "2", "0.3"],
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    connection = await asyncpg.connect(url)
    transfers, debited, credited = await connection.fetchrow(
        "SELECT count(DISTINCT transaction_id), sum(debit), sum(credit) FROM hordak_leg"
    )
    await connection.close()
    assert 0 < json.loads(said.stdout) * 0.3 <= transfers == debited == credited


async def test_what_is_stored_is_topped_up(fresh_database: DatabaseMaker) -> None:
    url = (await fresh_database("ledger")).superuser_url
    for rows in (100, 9_000, 9_000):
        await store_others(url, rows)
        connection = await asyncpg.connect(url)
        assert await connection.fetchval("SELECT count(*) FROM transfer_rows") == rows
        await connection.close()
    assert 100 < await bytes_per_transfer(url) < 1_000
    assert await copied_per_second(url, 100) > 0


async def test_a_peer_has_a_database_of_its_own(blank_database: DatabaseMaker) -> None:
    database = await blank_database("ledger")
    name = f"{database.name}_peer"
    url = await keep_database(database.superuser_url, name)
    assert await keep_database(database.superuser_url, name) == url
    connection = await asyncpg.connect(url)
    assert await connection.fetchval("SELECT current_database()") == name
    await connection.close()
    connection = await asyncpg.connect(database.superuser_url)
    await connection.execute(f'DROP DATABASE "{name}"')
    await connection.close()


def test_tigerbeetle_is_run_where_its_program_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "tigerbeetle"
    program.write_text(
        '#!/bin/sh\n[ "$*" = "benchmark --transfer-count=5" ] && echo "load accepted = 731 tx/s"\n'
    )
    program.chmod(0o755)
    monkeypatch.setenv(tigerbeetle.VARIABLE, str(program))
    assert tigerbeetle.posted_per_second(5) == 731
    with pytest.raises(NotRun, match="ended with 1"):
        tigerbeetle.posted_per_second(6)
    monkeypatch.setenv(tigerbeetle.VARIABLE, str(tmp_path / "gone"))
    with pytest.raises(NotRun, match="names no program"):
        tigerbeetle.posted_per_second(5)


def test_a_peer_that_is_not_there_is_asked_once(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[str] = []

    def absent(name: str) -> float:
        asked.append(name)
        raise NotRun("it is not there")

    async def copied(*_: object) -> float:
        return 7

    monkeypatch.setattr(beside, "copied_per_second", copied)
    monkeypatch.setattr(beside, "pgbench_per_second", lambda *_: absent("pgbench"))
    monkeypatch.setattr(beside, "keep_database", lambda *_: absent("a database"))
    monkeypatch.setattr(django_hordak, "is_installed", lambda: False)
    monkeypatch.delenv(tigerbeetle.VARIABLE, raising=False)
    peers = Peers("postgresql:///unused", QUICK_SCALE)
    peers.round()
    peers.round()
    assert peers.per_second == {COPY: [7, 7]}
    assert set(peers.not_run) == set(NAMES) - {COPY}
    assert peers.not_run[TIGERBEETLE] == "TIGERBEETLE names no program"
    assert asked == ["pgbench", "a database", "a database"]


def test_sizes_are_taken_as_they_are_asked_for() -> None:
    assert scale_of(quick=False) == FULL_SCALE and FULL_SCALE.headline == 5_000_000
    asked = scale_of(quick=True, stored=read_stored("100000, 10000"))
    assert asked.stored == (10_000, 100_000) and asked.headline == 100_000
    assert asked.rounds == QUICK_SCALE.rounds
    for wrong in ("", "many", "10,,20", "-5", "0"):
        with pytest.raises(StartRefused, match="--stored is counts"):
            read_stored(wrong)
