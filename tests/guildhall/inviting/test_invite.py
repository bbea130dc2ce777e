"""`guildhall invite` against a running house: links for all rows, once, also where it is killed between."""

import csv
import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import httpx
import pytest

from guildhall.client.terminal import create_key, send_request
from guildhall.inviting.invite import Wish, invite
from tests.support.embedded import EmbeddedGuildhall

pytestmark = pytest.mark.slow
UNION = "guild-of-lists"
ROWS = 4_200


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Generator[EmbeddedGuildhall]:
    with EmbeddedGuildhall(tmp_path_factory.mktemp("home")) as running:
        yield running


@pytest.fixture(scope="module")
def founder(home: EmbeddedGuildhall, tmp_path_factory: pytest.TempPathFactory) -> Path:
    key = tmp_path_factory.mktemp("keys") / "founder.key"
    create_key(key)
    body = json.dumps({"name": "Guild of Lists", "purpose": "Lists.", "slug": UNION})
    assert send_request(key, "POST", "/v1/unions", body, base_url=home.url) == 0
    return key


def wish(folder: Path, text: str, union: str = UNION) -> Wish:
    people = folder / "people.csv"
    people.write_text(text)
    return Wish(people, union, folder / "people.links.csv", days=7, sends_email=False, language="en")


def links_in(path: Path) -> list[dict[str, Any]]:
    with path.open(newline="") as file:
        return list(csv.DictReader(file))


def test_a_file_becomes_links_and_refused_rows_are_named(
    home: EmbeddedGuildhall, founder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wished = wish(tmp_path, "Name;E-Mail\nAda;ada@guild.example\n=cmd();x1@guild.example\n;\nGrace;nowhere\n")
    assert invite(founder, home.url, wished) == 0
    said = capsys.readouterr().out
    assert "2 links" in said
    assert "2 rows refused" in said
    assert "line 5: email malformed" in said
    rows = links_in(wished.out)
    assert [row["name"] for row in rows] == ["Ada", "'=cmd()"]
    assert stat.S_IMODE(wished.out.stat().st_mode) == 0o600
    slug, _, code = rows[0]["link"].rpartition("/")[2].partition("#invitation=")
    shown = httpx.get(f"{home.url}/v1/unions/{slug}/invitations/{code}").json()
    assert shown["uses_left"] == 1
    assert invite(founder, home.url, wished) == 1
    assert "exists" in capsys.readouterr().err


def test_killed_it_goes_on_where_it_was_and_no_row_has_two_links(
    home: EmbeddedGuildhall, founder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text = "name,email\n" + "".join(f"P {number},p{number}@guild.example\n" for number in range(ROWS))
    wished = wish(tmp_path, text)
    place = wished.out.with_name(f"{wished.out.name}.place")
    command = "from guildhall.command import main; main()"
    arguments = ["invite", "--csv", wished.people, "--union", UNION, "--as", founder, "--url", home.url]
    kills = 0
    for _ in range(3):
        running = subprocess.Popen([sys.executable, "-c", command, *arguments], stderr=subprocess.DEVNULL)
        before = place.read_text() if place.exists() else ""
        while running.poll() is None and (not place.exists() or place.read_text() == before):
            time.sleep(0.002)
        if running.poll() is None:
            os.kill(running.pid, signal.SIGKILL)
            kills += 1
        running.wait()
    assert kills >= 1
    if place.exists():
        with wished.out.open("a") as half:
            half.write('4711,"P')
        assert invite(founder, home.url, wished) == 0
    rows = links_in(wished.out)
    assert [int(row["line"]) for row in rows] == list(range(2, ROWS + 2))
    assert len({row["link"] for row in rows}) == ROWS
    assert not place.exists()
    capsys.readouterr()


def test_what_cannot_be_done_is_said_in_one_line(
    home: EmbeddedGuildhall, founder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wished = wish(tmp_path, "name\nAda\n", union="no-such-union")
    assert invite(founder, home.url, wished) == 1
    assert "404 union-not-found" in capsys.readouterr().err
    other = tmp_path / "other.key"
    create_key(other)
    assert invite(other, home.url, wish(tmp_path, "name\nAda\n")) == 1
    assert "403 founder-only" in capsys.readouterr().err
    assert invite(tmp_path / "absent.key", home.url, wished) == 1
    assert invite(founder, "http://127.0.0.1:9", wished) == 1
    assert "does not answer" in capsys.readouterr().err
    assert not wished.out.exists()
    kept = wished.out.with_name(f"{wished.out.name}.place")
    kept.write_text(json.dumps({"digest": "other", "path": "/v1", "line": 0, "bytes_written": 0}))
    assert invite(founder, home.url, wished) == 1
    assert "is of another file" in capsys.readouterr().err
