"""What differs between two charters: applied to the old it gives the new, and it never takes long."""

import re
import time
from dataclasses import replace
from difflib import unified_diff
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.charter_diff import charter_diff, unified
from services.identity.domain.parameters import PresetName
from services.identity.domain.preset import founding_charter

OLD = founding_charter(PresetName.GUILD_OF_FREELANCERS, UUID(int=1), "Guildhall", "Work.")
_HUNK = re.compile(r"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@")
SECONDS_MAX = 2.0

texts = st.text("ab\n\n\n \r-+@é", max_size=60)


def applied(old: str, diff: str) -> str:
    """As `patch` does, and as strictly: each hunk stands where it says, and counts what it says."""
    before = old.split("\n")
    after: list[str] = []
    read = 0
    told = diff.split("\n") if diff else []
    while told:
        head = _HUNK.fullmatch(told.pop(0))
        assert head is not None
        old_begin, old_count = int(head[1]), int(head[2] or 1)
        new_begin, new_count = int(head[3]), int(head[4] or 1)
        begin = old_begin - 1 if old_count else old_begin
        after += before[read:begin]
        assert len(after) == (new_begin - 1 if new_count else new_begin)
        read = begin
        while old_count or new_count:
            kind, line = told[0][0], told.pop(0)[1:]
            if kind in " -":
                assert before[read] == line
                read, old_count = read + 1, old_count - 1
            if kind in " +":
                after.append(line)
                new_count -= 1
        assert old_count == new_count == 0
    return "\n".join(after + before[read:])


@given(texts, texts)
def test_applied_to_the_old_it_gives_the_new(before: str, after: str) -> None:
    assert applied(before, unified(before, after)) == after


@given(texts, texts)
def test_it_is_empty_for_the_same_and_backwards_it_gives_the_old(before: str, after: str) -> None:
    assert (unified(before, after) == "") == (before == after)
    assert applied(after, unified(after, before)) == before


def test_it_reads_as_difflibs_where_the_lines_around_are_plain() -> None:
    before = "\n".join(f"line {number}" for number in range(30))
    after = before.replace("line 3\n", "line three\n").replace("line 20\n", "")
    theirs = list(unified_diff(before.split("\n"), after.split("\n"), lineterm=""))[2:]
    assert unified(before, after).split("\n") == theirs


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("\n" * 50_000, "\n" * 49_000 + "a"),
        ("a\n" * 25_000, "b\n" + "a\n" * 24_998 + "b"),
        ("a\nb\n" * 12_000, "b\na\n" * 12_000),
        ("\n".join(f"{n}" for n in range(9_000)), "\n".join(f"{n}" for n in reversed(range(9_000)))),
        ("a\n" * 95 + "x", "x\n" + "a\n" * 95),
        ("\n".join(f"{n % 40}" for n in range(190)), "\n".join(f"{n * 7 % 40}" for n in range(190))),
        ("x" * 50_000, "y" * 50_000),
    ],
)
def test_it_takes_no_time_whatever_was_written(before: str, after: str) -> None:
    began = time.monotonic()
    diff = unified(before, after)
    assert time.monotonic() - began < SECONDS_MAX
    assert applied(before, diff) == after
    assert len(diff) <= 3 * (len(before) + len(after)) + 1_000


def test_each_part_is_told_by_what_changed_in_it() -> None:
    new = replace(
        OLD,
        version=2,
        purpose="Rest.",
        values=(OLD.values[1], OLD.values[0], "Rest is work."),
        bylaws=OLD.bylaws.replace("in the open", "in the journal"),
        parameters=replace(OLD.parameters, review_seconds=60, fee_max_minor=7),
    )
    diff = charter_diff(OLD, new)
    assert diff.purpose is not None and (diff.purpose.old, diff.purpose.new) == ("Work.", "Rest.")
    assert (diff.values_added, diff.values_removed) == (("Rest is work.",), (OLD.values[2],))
    assert [(one.name, one.old, one.new) for one in diff.parameters] == [
        ("review_seconds", 604_800, 60),
        ("fee_max_minor", 2**62, 7),
    ]
    assert applied(OLD.bylaws, diff.bylaws) == new.bylaws


def test_a_charter_differs_from_itself_in_nothing() -> None:
    diff = charter_diff(OLD, OLD)
    assert (diff.purpose, diff.values_added, diff.values_removed, diff.parameters, diff.bylaws) == (
        None,
        (),
        (),
        (),
        "",
    )
