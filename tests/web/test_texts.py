"""The catalogue: each text that the page asks for, in every language, with the same parameters."""

import re
from pathlib import Path

import pytest

from gateway.pages.web_files import WEB_FOLDER

LANGUAGES = ("en", "de")
ENTRY = re.compile(r'^  "([^"]+)": (.+),$', re.MULTILINE)
ASKED = re.compile(r"\bt\(\s*(?:\w+ === \w+ \? )?\"([a-z][a-z0-9_.-]*)\"")
CHOSEN = re.compile(r"\bt\([^()\"`]*\? \"([a-z0-9_.-]+)\" : \"([a-z0-9_.-]+)\"")
PARAMETER = re.compile(r"\{(\w+)\}")
INNER_WORDS = re.compile(
    r"\b(backlink|member_id|escrow|minor|uuid|treasury|standing(?! payment)|charter|ledger|token ledger)\b",
    re.IGNORECASE,
)


def texts_of(language: str) -> dict[str, str]:
    return dict(ENTRY.findall((WEB_FOLDER / "texts" / f"{language}.js").read_text()))


def sources() -> list[Path]:
    return [path for path in WEB_FOLDER.rglob("*.js") if path.parent.name != "texts"]


def test_every_language_has_the_same_texts_with_the_same_parameters() -> None:
    first, *others = (texts_of(language) for language in LANGUAGES)
    assert len(first) > 200
    for other in others:
        assert other.keys() == first.keys()
        for name, text in first.items():
            assert set(PARAMETER.findall(other[name])) == set(PARAMETER.findall(text)), name
            assert other[name].startswith("{ one:") == text.startswith("{ one:"), name


def test_the_page_asks_for_no_text_that_is_not_there() -> None:
    known = texts_of("en").keys()
    for path in sources():
        code = path.read_text()
        asked = {*ASKED.findall(code), *(name for pair in CHOSEN.findall(code) for name in pair)}
        assert asked <= known, (path.name, asked - known)


def test_no_text_is_there_that_the_page_never_asks_for() -> None:
    code = "\n".join(path.read_text() for path in sources())
    begun = set(re.findall(r"`([a-z][a-z.-]*[.-])\$\{", code)) | {"problem.", "agreement."}
    for name in texts_of("en"):
        is_asked = f'"{name}"' in code or any(name.startswith(begin) for begin in begun)
        assert is_asked or f"{name.removesuffix('-text')}" in code, name


@pytest.mark.parametrize("language", LANGUAGES)
def test_members_are_told_in_their_words(language: str) -> None:
    for name, text in texts_of(language).items():
        said = PARAMETER.sub("", text)
        assert not INNER_WORDS.search(said), (name, text)
