"""Slugs: the names of unions in addresses; derived from the union's name, or asked for."""

import re
import unicodedata

from services.identity.domain.errors import SlugRefused, UnionNameRefused

SLUG_CHARACTERS_MAX = 40
_SHAPE = re.compile(r"^[a-z0-9]+(?:-[a-z0-9]+)*$")
_BETWEEN_WORDS = re.compile(r"[^a-z0-9]+")

_RESERVED_WORDS = """
about admin api assembly auth charter directory docs events explore favicon founder funding gateway graph
guildhall health help home identity internal invite ledger livez login logout market me member members
metrics new null openapi readyz root search security settings static status support system treasury undefined
union unions v1 web
"""
RESERVED_SLUGS = frozenset(_RESERVED_WORDS.split())


def plain_words(name: str) -> list[str]:
    """The words of a name in lower-case ASCII, accents dropped; other alphabets give none."""
    folded = unicodedata.normalize("NFKD", name.casefold())
    ascii_only = folded.encode("ascii", "ignore").decode("ascii")
    return [word for word in _BETWEEN_WORDS.split(ascii_only) if word]


def derive_slug(name: str, distinction: str) -> str:
    """A slug from the union's name; `distinction` (lower-case letters and digits) stands in for a name
    without ASCII letters. Raises UnionNameRefused for a name without a letter or digit at all."""
    if not any(character.isalnum() for character in name):
        raise UnionNameRefused(name)
    slug = "-".join(plain_words(name))[:SLUG_CHARACTERS_MAX].strip("-")
    if not slug:
        return f"union-{distinction}"
    if len(slug) < 3 or slug in RESERVED_SLUGS:
        return f"{slug}-union"
    return slug


def numbered_slug(slug: str, number: int) -> str:
    """The next to try when a derived slug is taken: lisbon, lisbon-2, lisbon-3."""
    if number == 1:
        return slug
    ending = f"-{number}"
    return slug[: SLUG_CHARACTERS_MAX - len(ending)].strip("-") + ending


def check_slug(slug: str) -> str:
    """A slug that was asked for. Raises SlugRefused with the broken rule."""
    if not 3 <= len(slug) <= SLUG_CHARACTERS_MAX:
        raise SlugRefused(slug, f"3 to {SLUG_CHARACTERS_MAX} characters")
    if not _SHAPE.match(slug):
        raise SlugRefused(slug, "letters a-z, digits and single inner hyphens")
    if slug in RESERVED_SLUGS:
        raise SlugRefused(slug, "a reserved word")
    return slug
