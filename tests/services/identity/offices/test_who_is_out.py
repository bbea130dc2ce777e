"""Whatever changes a membership reaches the offices: held by a look at every use case of identity."""

import re

from tests.tidy.source_tree import ROOT

SAVES = re.compile(r"\b(save_membership|save_lapsed)\(")
REACHES = re.compile(r"\bfollow_memberships\(")
BEGINS = {"begin_membership.py", "found_union.py"}
"""Who begins to be a member holds nothing that they had before."""


def unreached(sources: dict[str, str]) -> list[str]:
    """The use cases that write a membership and leave its offices as they are."""
    return sorted(name for name, text in sources.items() if SAVES.search(text) and not REACHES.search(text))


def test_every_change_of_a_membership_reaches_the_offices() -> None:
    files = (ROOT / "services" / "identity").rglob("use_cases/*.py")
    sources = {path.name: path.read_text(encoding="utf-8") for path in files}
    assert set(unreached(sources)) == BEGINS
    assert {name for name, text in sources.items() if REACHES.search(text) and SAVES.search(text)} == {
        "change_membership.py",
        "end_grace.py",
    }


def test_one_that_does_not_is_seen() -> None:
    saves = ("await save_membership(unit, left, -1)", "await acceptances.save_lapsed(unit, 1, lapsed)")
    for save in saves:
        both = {"a": save, "b": f"{save}\nawait follow_memberships(unit, settings, [left], by)"}
        assert unreached(both) == ["a"]


FOLLOWS = re.compile(r"\bfollow_(in_businesses|later)\(")


def test_every_change_of_a_membership_reaches_the_businesses() -> None:
    """Who comes back, too: the shares that they kept speak again. Who founds a union has none in it."""
    files = (ROOT / "services" / "identity").rglob("use_cases/*.py")
    sources = {path.name: path.read_text(encoding="utf-8") for path in files}
    writing = {name for name, text in sources.items() if SAVES.search(text)}
    assert {name for name in writing if not FOLLOWS.search(sources[name])} == {"found_union.py"}
