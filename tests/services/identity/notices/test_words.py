"""Messages and the page say the same of the same."""

import re

import pytest

from gateway.pages.web_files import WEB_FOLDER
from services.identity.notices.domain.choice import LANGUAGES
from services.identity.notices.domain.message import OF_HOUSE, PLACES
from services.identity.notices.domain.words import FRAME, KINDS

OF_PAGE = re.compile(
    r'^  "notice\.([^"]+)": (?:"([^"]+)"|\{ one: "([^"]+)", other: "([^"]+)" \}),$', re.MULTILINE
)


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_kind_is_told_in_the_words_of_the_page(language: str) -> None:
    page = (WEB_FOLDER / "texts" / f"{language}.js").read_text()
    said = {kind: (single or one, single or other) for kind, single, one, other in OF_PAGE.findall(page)}
    assert len(said) > 10
    assert {kind: (sentence.one, sentence.other) for kind, sentence in KINDS[language].items()} == said


def test_every_language_has_the_same_frame() -> None:
    first, *others = (FRAME[language] for language in LANGUAGES)
    for other in others:
        assert other.keys() == first.keys()
        for name, text in first.items():
            assert sorted(re.findall(r"\{\w+\}", text)) == sorted(re.findall(r"\{\w+\}", other[name])), name


def test_messages_lead_where_the_page_leads() -> None:
    page = (WEB_FOLDER / "pages" / "notices.js").read_text()
    led = re.findall(r'^  (\w+): \((?:id)?\) => [`"]([^`"]*)[`"],$', page, re.MULTILINE)
    assert {noun: place.replace("${id}", "{id}") for noun, place in led} == PLACES
    [of_house] = re.findall(r"^const OF_HOUSE = \{ (.*) \};$", page, re.MULTILINE)
    assert dict(re.findall(r'"?([\w-]+)"?: "([^"]+)"', of_house)) == OF_HOUSE
