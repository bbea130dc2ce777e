"""Look-alikes: what a handle looks like, so that none passes for another member's."""

import json
import string
from functools import cache
from importlib import resources

LETTERS, DIGITS = string.ascii_lowercase, string.digits


@cache
def look_alikes() -> dict[str, str]:
    """What each letter or digit of handles looks like in letters, where that is not itself.

    By the confusables of Unicode UTS 39: a digit looks like a letter (0 and o, 1 and l), a letter like
    several together (m and rn).
    """
    # Read by its file: the library's module, once imported, holds a megabyte of other alphabets.
    text = resources.files("confusable_homoglyphs").joinpath("confusables.json").read_text("utf-8")
    known: dict[str, list[dict[str, str]]] = json.loads(text)
    found: dict[str, str] = {}
    for character in LETTERS + DIGITS:
        others = [each["c"].lower() for each in known.get(character, [])]
        letters = sorted(other for other in others if other and all(part in LETTERS for part in other))
        if character in LETTERS:
            letters = [other for other in letters if len(other) > 1]
        if letters:
            found[character] = letters[0]
    return found


def look_of(handle: str) -> str:
    """The same text for all handles that look alike: besides Unicode's confusables, hyphens do not count, and
    vv is w."""
    table = look_alikes()
    digits = "".join(table.get(each, each) if each in DIGITS else each for each in handle if each != "-")
    return "".join(table.get(each, each) for each in digits).replace("vv", "w")
