"""Whatever ends a membership reaches the offices: held by a look at every use case of identity."""

import re

from tests.tidy.source_tree import ROOT

ENDS, REACHES = re.compile(r"\brecord_ended_membership\("), re.compile(r"\bfollow_membership\(")


def unreached(sources: dict[str, str]) -> list[str]:
    """The use cases that end a membership and leave its offices as they are."""
    return sorted(name for name, text in sources.items() if ENDS.search(text) and not REACHES.search(text))


def test_every_ended_membership_reaches_the_offices() -> None:
    files = (ROOT / "services" / "identity").rglob("use_cases/*.py")
    sources = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert any(ENDS.search(text) for text in sources.values())
    assert unreached(sources) == []


def test_one_that_does_not_is_seen() -> None:
    ends = "await revocations.record_ended_membership(unit, 1, 2, 3, 'left')"
    assert unreached({"a": ends, "b": f"{ends}\nawait follow_membership(unit, left, by)"}) == ["a"]
