"""One message for what has happened to a member and was not read."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.identity.notices.domain.words import KINDS, framed

PLACES = {
    "offers": "/work/{id}",
    "agreements": "/agreements/{id}",
    "leaders": "/leaders/{id}",
    "accounts": "/pay",
    "projects": "/fund/{id}",
    "memberships": "/rules",
    "charter": "/rules",
    "succession": "/rules?offices",
    "suspensions": "/rules",
    "expulsions": "/rules",
    "offices": "/rules?offices",
    "businesses": "/rules?business={id}",
    "unions": "",
}
"""Where one reads on, by the noun that a notice is about: addresses of the page."""
OF_HOUSE = {"operator-acts": "/operators", "operators": "/operators"}
"""Where one reads on of what is of no union."""


@dataclass(frozen=True, slots=True)
class Happened:
    """A notice with the names that its sentence needs; those of a union are empty where it is of none."""

    number: int
    kind: str
    subject: str
    subject_id: UUID
    union_slug: str
    union_name: str
    actor_name: str
    count: int


@dataclass(frozen=True, slots=True)
class Message:
    """`url`: where one reads on. `id` is the same when the same is sent once more."""

    id: str
    title: str
    lines: tuple[str, ...]
    url: str
    language: str

    @property
    def text(self) -> str:
        return "\n".join(self.lines)


@dataclass(frozen=True, slots=True)
class Sayings:
    """`told`: notices that there are words for, the newest first; `others_count`: how many are not named."""

    language: str
    house: str
    told: Sequence[Happened]
    others_count: int = 0


def has_words(kind: str, language: str) -> bool:
    return kind in KINDS[language]


def notices_message(message_id: str, sayings: Sayings, *, with_addresses: bool) -> Message:
    """`with_addresses`: each line is followed by where one reads on."""
    language, house, told = sayings.language, sayings.house, sayings.told
    single = len(told) == 1 and sayings.others_count == 0
    lines: list[str] = []
    union = None
    for one in told:
        if union != one.union_slug and not single:
            lines += ([""] if lines and with_addresses else []) + [_about(one, language)]
        union = one.union_slug
        lines.append(_sentence(one, language))
        if with_addresses:
            lines.append(f"  {_place(house, one)}")
    everything = f"{house}/notices"
    if sayings.others_count:
        lines.append(framed(language, "more", count=sayings.others_count, url=everything))
    elif with_addresses and not single:
        lines += ["", framed(language, "all", url=everything)]
    title = framed(language, "many", count=len(told) + sayings.others_count)
    if single:
        title = _about(told[0], language)
    return Message(
        message_id, title, tuple(lines), _place(house, told[0]) if single else everything, language
    )


def code_message(message_id: str, language: str, house: str, code: str, until: datetime) -> Message:
    lines = (
        framed(language, "code", code=code, house=house, until=f"{until:%Y-%m-%d %H:%M}"),
        "",
        framed(language, "code-unasked"),
    )
    return Message(message_id, framed(language, "code-subject", code=code), lines, house, language)


def _sentence(one: Happened, language: str) -> str:
    return KINDS[language][one.kind].said(one.actor_name, one.count)


def _about(one: Happened, language: str) -> str:
    return one.union_name or framed(language, "account")


def _place(house: str, one: Happened) -> str:
    if one.subject in OF_HOUSE:
        return f"{house}{OF_HOUSE[one.subject]}"
    if not one.union_slug:
        return f"{house}/me"
    place = PLACES.get(one.subject)
    if place is None:
        return f"{house}/notices"
    return f"{house}/unions/{one.union_slug}{place.replace('{id}', str(one.subject_id))}"
