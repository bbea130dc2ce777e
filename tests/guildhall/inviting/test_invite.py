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
from dataclasses import replace
from pathlib import Path
from typing import Any

import httpx
import pytest

from guildhall.client.key_file import KeyFile
from guildhall.client.terminal import create_key, send_request
from guildhall.inviting import people_file
from guildhall.inviting.invite import Wish, digest_of, invite
from guildhall.inviting.people_file import PeopleFile
from guildhall.inviting.place import Place, PlaceFile
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
    arguments += ["--days", str(wished.days)]
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


class Killed(BaseException):
    """As a process ends that is killed: nothing more is written."""


def lists_count(founder: Path, home: EmbeddedGuildhall, capsys: pytest.CaptureFixture[str]) -> int:
    capsys.readouterr()
    path = f"/v1/unions/{UNION}/invitation-lists?limit=200"
    assert send_request(founder, "GET", path, base_url=home.url) == 0
    return len(json.loads(capsys.readouterr().out)["items"])


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("step", range(5))
def test_whenever_it_is_killed_one_list_has_one_link_for_each_row(
    home: EmbeddedGuildhall,
    founder: Path,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    step: int,
    after: bool,
) -> None:
    """Killed before or after each of the places that it keeps: the first, the list's, and each request's."""
    people = [f"P {step}{number}{after},p{step}{number}{after}@guild.example" for number in range(5)]
    wished = wish(tmp_path, "\n".join(["name,email", *people]))
    monkeypatch.setattr(people_file, "ROWS_AT_ONCE", 2)
    before = lists_count(founder, home, capsys)
    kept: list[Place] = []
    keep = PlaceFile.keep

    def killed(file: PlaceFile, place: Place) -> None:
        kept.append(place)
        if len(kept) <= step or after:
            keep(file, place)
        if len(kept) > step:
            raise Killed

    with monkeypatch.context() as patched:
        patched.setattr(PlaceFile, "keep", killed)
        with pytest.raises(Killed):
            invite(founder, home.url, wished)
    assert invite(founder, home.url, wished) == 0
    assert [row["name"] for row in links_in(wished.out)] == [one.partition(",")[0] for one in people]
    assert lists_count(founder, home, capsys) == before + 1
    assert sorted(path.name for path in tmp_path.iterdir()) == ["people.csv", "people.links.csv"]


def test_another_wish_does_not_go_on_with_the_first_ones_list(
    home: EmbeddedGuildhall, founder: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    wished = wish(tmp_path, "name\nAda\n", union="no-such-union")
    file = PeopleFile.read(wished.people)
    keys = KeyFile.load(founder)
    kept = PlaceFile.beside(wished.out)
    kept.keep(Place.new(digest_of(keys, home.url, wished, file)))
    others = [
        replace(wished, union=UNION),
        replace(wished, days=8),
        replace(wished, sends_email=True),
        replace(wished, language="de"),
        wish(tmp_path, "name\nGrace\n", union="no-such-union"),
    ]
    for other in others:
        other.people.write_text("name\nGrace\n" if other is others[-1] else "name\nAda\n")
        assert invite(founder, home.url, other) == 1
        assert "of other options" in capsys.readouterr().err
        assert kept.path.exists()


def test_links_that_were_lost_are_asked_for_again(
    home: EmbeddedGuildhall, founder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    wished = wish(tmp_path, "name\nLost Ada\nLost Grace\n")
    with monkeypatch.context() as patched:
        patched.setattr(PlaceFile, "remove", lambda _: None)
        assert invite(founder, home.url, wished) == 0
    whole = wished.out.read_bytes()
    wished.out.write_bytes(whole[:40])
    assert invite(founder, home.url, wished) == 0
    assert wished.out.read_bytes() == whole


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
    kept = PlaceFile.beside(wished.out)
    assert not kept.path.exists()
    kept.keep(Place.new("other"))
    assert invite(founder, home.url, wished) == 1
    assert "is of another list of people" in capsys.readouterr().err
    for wrong in ("", "{}", '{"digest": 1, "what": 2}', "[]"):
        kept.path.write_text(wrong)
        assert invite(founder, home.url, wished) == 1
        assert "is no place that was kept" in capsys.readouterr().err
