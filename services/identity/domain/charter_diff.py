"""What differs between two versions of a charter."""

from collections import Counter
from dataclasses import dataclass
from difflib import SequenceMatcher

from services.identity.domain.charter import Charter

CONTEXT_LINES = 3
EFFORT_MAX = 1_000_000
"""Pairs of like lines times lines: above it the parts that differ are told as wholly replaced."""


@dataclass(frozen=True, slots=True)
class Change:
    """Of one thing; None where one of the two has it not."""

    name: str
    old: int | str
    new: int | str


@dataclass(frozen=True, slots=True)
class CharterDiff:
    """From `old` to `new`. `bylaws`: hunks of a unified diff by lines, separated by line feeds; empty where
    the bylaws are the same."""

    purpose: Change | None
    values_added: tuple[str, ...]
    values_removed: tuple[str, ...]
    parameters: tuple[Change, ...]
    bylaws: str


def charter_diff(old: Charter, new: Charter) -> CharterDiff:
    """Both of the same union; either may be the later one. A value moved to another place is no change."""
    before, after = old.parameters.flat(), new.parameters.flat()
    removed, added = Counter(old.values), Counter(new.values)
    return CharterDiff(
        purpose=None if old.purpose == new.purpose else Change("purpose", old.purpose, new.purpose),
        values_added=tuple((added - removed).elements()),
        values_removed=tuple((removed - added).elements()),
        parameters=tuple(
            Change(name, before[name], after[name]) for name in before if before[name] != after[name]
        ),
        bylaws=unified(old.bylaws, new.bylaws),
    )


def unified(old: str, new: str) -> str:
    """The hunks of a unified diff with three lines around each; lines end at line feeds alone, and a text has
    one line more than it has line feeds. Empty for two texts that are the same."""
    if old == new:
        return ""
    before, after = old.split("\n"), new.split("\n")
    told: list[str] = []
    for group in _groups(_changes(before, after), len(before), len(after)):
        told.append(f"@@ -{_range(group[0][1], group[-1][2])} +{_range(group[0][3], group[-1][4])} @@")
        for kind, old_begin, old_end, new_begin, new_end in group:
            if kind == "equal":
                told += (f" {line}" for line in before[old_begin:old_end])
                continue
            told += (f"-{line}" for line in before[old_begin:old_end])
            told += (f"+{line}" for line in after[new_begin:new_end])
    return "\n".join(told)


_Step = tuple[str, int, int, int, int]


def _changes(before: list[str], after: list[str]) -> list[_Step]:
    """As difflib's opcodes. What both begin and end with is set aside first; what is left is compared where
    that is quickly done."""
    shorter = min(len(before), len(after))
    head = next((place for place in range(shorter) if before[place] != after[place]), shorter)
    left = shorter - head
    tail = next((place for place in range(left) if before[-1 - place] != after[-1 - place]), left)
    old, new = before[head : len(before) - tail], after[head : len(after) - tail]
    steps: list[_Step] = [("equal", 0, head, 0, head)] if head else []
    if _effort(old, new) > EFFORT_MAX:
        steps.append(("replace", head, head + len(old), head, head + len(new)))
    else:
        matcher = SequenceMatcher(_is_blank, old, new, autojunk=False)
        steps += (
            (kind, old_begin + head, old_end + head, new_begin + head, new_end + head)
            for kind, old_begin, old_end, new_begin, new_end in matcher.get_opcodes()
        )
    if tail:
        steps.append(("equal", len(before) - tail, len(before), len(after) - tail, len(after)))
    return steps


def _is_blank(line: str) -> bool:
    return not line.strip()


def _effort(old: list[str], new: list[str]) -> int:
    counts = Counter(line for line in new if not _is_blank(line))
    pairs = sum(counts[line] for line in old)
    return (pairs + len(old)) * min(len(old), len(new))


def _groups(steps: list[_Step], old_count: int, new_count: int) -> list[list[_Step]]:
    """The changes with the lines around them; between two that are far apart a new hunk begins."""
    groups: list[list[_Step]] = [[]]
    for place, (kind, old_begin, old_end, new_begin, new_end) in enumerate(steps):
        if kind != "equal":
            groups[-1].append((kind, old_begin, old_end, new_begin, new_end))
            continue
        is_first, is_last = place == 0, place == len(steps) - 1
        length = old_end - old_begin
        if not is_first and not is_last and length <= 2 * CONTEXT_LINES:
            groups[-1].append((kind, old_begin, old_end, new_begin, new_end))
            continue
        shown = min(CONTEXT_LINES, length)
        if not is_first:
            groups[-1].append((kind, old_begin, old_begin + shown, new_begin, new_begin + shown))
        if not is_last:
            if not is_first:
                groups.append([])
            groups[-1].append((kind, old_end - shown, old_end, new_end - shown, new_end))
    return [group for group in groups if group]


def _range(begin: int, end: int) -> str:
    """As in the format of `diff -u`: numbered from 1, the line before for none."""
    length = end - begin
    if length == 1:
        return str(begin + 1)
    return f"{begin + 1 if length else begin},{length}"
