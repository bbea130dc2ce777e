"""Who sees which part of a profile, as its member says. The handle is how one is called: all see it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum


class Circle(StrEnum):
    """Who may see a part: everybody, those with whom the member shares a union, nobody else."""

    PUBLIC = "public"
    UNIONS = "unions"
    NOBODY = "nobody"


class Reader(StrEnum):
    """Who reads, as the member stands to them."""

    ONESELF = "oneself"
    OF_SHARED_UNION = "of_shared_union"
    ANYBODY = "anybody"


DEFAULTS: Mapping[str, Circle] = {
    "name": Circle.PUBLIC,
    "avatar": Circle.PUBLIC,
    "bio": Circle.UNIONS,
    "skills": Circle.UNIONS,
    "links": Circle.UNIONS,
    "encryption_key": Circle.UNIONS,
}
"""The parts of a profile, and who sees them where its member has not said."""

_SEES: Mapping[Reader, frozenset[Circle]] = {
    Reader.ONESELF: frozenset(Circle),
    Reader.OF_SHARED_UNION: frozenset((Circle.PUBLIC, Circle.UNIONS)),
    Reader.ANYBODY: frozenset((Circle.PUBLIC,)),
}


def circles_of(reader: Reader) -> frozenset[Circle]:
    """What this reader sees is kept in one of these."""
    return _SEES[reader]


@dataclass(frozen=True, slots=True)
class Privacy:
    """What a member has said, by part; of the others the default holds."""

    said: Mapping[str, Circle] = field(default_factory=dict[str, Circle])

    def of(self, part: str) -> Circle:
        return self.said.get(part, DEFAULTS[part])

    def shows(self, part: str, reader: Reader) -> bool:
        return self.of(part) in _SEES[reader]

    def but(self, wanted: Mapping[str, Circle]) -> "Privacy":
        return Privacy({**self.said, **wanted})
