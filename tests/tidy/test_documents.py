"""The pages: paths that exist, short decisions that a check holds, one screen per service, the licence."""

import hashlib
from pathlib import Path

import pytest

from tests.tidy.laws.documents import lost_paths, unheld_decisions, unread_services
from tests.tidy.source_tree import ROOT, documents, services


@pytest.mark.parametrize("page", documents(), ids=lambda page: page.relative_to(ROOT).as_posix())
def test_a_page_names_paths_that_exist(page: Path) -> None:
    assert list(lost_paths(page, ROOT)) == []


def test_a_lost_path_is_seen(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "`chassis/lost.py` `tests/lost.py::test_a` [here](lost.md) `/v1/unions` [web](https://lost.example)\n"
        "```\n`chassis/fenced.py`\n```\n`tests/found.py::test_a` `tests/found.py::test_lost`\n",
        encoding="utf-8",
    )
    (tmp_path / "tests").mkdir()
    (tmp_path / "tests" / "found.py").write_text("def test_a() -> None: ...\n", encoding="utf-8")
    assert len(list(lost_paths(page, tmp_path))) == 4


def test_decisions_are_short_and_held() -> None:
    assert list(unheld_decisions(ROOT / "docs" / "decisions")) == []


def test_an_unheld_decision_is_seen(tmp_path: Path) -> None:
    (tmp_path / "0001-held.md").write_text("# Held\n\nHeld by: a test.\n", encoding="utf-8")
    (tmp_path / "0003-long.md").write_text("line\n" * 41 + "\nHeld by: a test.\n", encoding="utf-8")
    (tmp_path / "0004-loose.md").write_text("# Loose\n\nNobody looks.\n", encoding="utf-8")
    assert len(list(unheld_decisions(tmp_path))) == 4


def test_every_service_says_on_one_screen_what_it_is() -> None:
    assert list(unread_services(services())) == []


def test_a_service_that_says_nothing_is_seen(tmp_path: Path) -> None:
    for name, text in (
        ("silent", None),
        ("long", "x\n" * 61),
        ("short", "Owns, accepts, publishes, consumes."),
    ):
        (tmp_path / name).mkdir()
        if text is not None:
            (tmp_path / name / "README.md").write_text(text, encoding="utf-8")
    found = list(unread_services([tmp_path / "silent", tmp_path / "long", tmp_path / "short"]))
    assert [line for line in found if line.startswith("silent")] == ["silent has no README.md"]
    assert "long/README.md is longer than a screen" in found
    assert "short/README.md does not say what the service promises" in found


def test_the_licence_is_the_official_text() -> None:
    text = (ROOT / "LICENSE").read_bytes()
    assert hashlib.sha256(text).hexdigest() == (
        "8486a10c4393cee1c25392769ddd3b2d6c242d6ec7928e1414efff7dfb2f07ef"
    )
