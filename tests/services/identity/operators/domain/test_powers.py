"""The short list is the same in the code, in the documentation and on the page."""

import re

import pytest

from gateway.pages.web_files import WEB_FOLDER
from services.identity.operators.domain.powers import NEVER, POWERS
from tests.support.embedded import REPOSITORY


def test_the_documentation_prints_the_list() -> None:
    text = (REPOSITORY / "docs" / "operations.md").read_text()
    for rule in POWERS.values():
        assert f"| {rule.says} | {rule.ends} | {rule.appealed_by} |" in text
    assert f"An operator never can: {'; '.join(NEVER)}." in text


@pytest.mark.parametrize("language", ["en", "de"])
def test_the_page_has_words_for_each_power_and_no_other(language: str) -> None:
    page = (WEB_FOLDER / "pages" / "operators.js").read_text()
    [listed] = re.findall(r"^const POWERS = \[(.*)\];$", page, re.MULTILINE)
    assert re.findall(r'"(\w+)"', listed) == [power.value for power in POWERS]
    texts = (WEB_FOLDER / "texts" / f"{language}.js").read_text()
    for begins in ("operators.can.", "operators.did."):
        said = set(re.findall(rf'^  "{re.escape(begins)}(\w+)":', texts, re.MULTILINE))
        assert said == {power.value for power in POWERS}
