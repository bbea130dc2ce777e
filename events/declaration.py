"""What every event says about itself: its type, publisher, class, key, audience and retention."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Annotated, ClassVar, cast
from uuid import UUID

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    StringConstraints,
    WithJsonSchema,
)

FACT_RETENTION_DAYS = 14
MAX_MINOR = 2**62
MINOR_PATTERN = r"^[0-9]{1,19}$"
ASSET_PATTERN = r"^[A-Z][A-Z0-9]{1,9}$"
WORD_PATTERN = r"^[a-z][a-z0-9_.]{0,47}$"
SLUG_PATTERN = r"^[a-z0-9][a-z0-9-]{0,62}$"
HASH_PATTERN = r"^[A-Za-z0-9_-]{43,64}$"


class EventClass(StrEnum):
    """STATE: the newest event of a key is the aggregate's public state. FACT: something that happened."""

    STATE = "state"
    FACT = "fact"


class Audience(StrEnum):
    """Who may be shown the event; services of the house consume every audience."""

    PUBLIC = "public"
    UNION = "union"
    OFFICERS = "officers"
    MEMBERS_NAMED = "members_named"
    SERVICES = "services"


@dataclass(frozen=True, slots=True)
class Declaration:
    """One event type. `key` names the fields of the aggregate, `named` those of the members it is shown to.

    `retention_days` is None for a STATE event: the bus keeps the newest of each key.
    """

    type: str
    publisher: str
    event_class: EventClass
    key: tuple[str, ...]
    audience: Audience
    retention_days: int | None
    named: tuple[str, ...] = ()

    @property
    def schema_file(self) -> str:
        """The file of the JSON Schema in events/schemas/."""
        return f"{self.type}.json"


def state(
    event_type: str, publisher: str, key: tuple[str, ...], audience: Audience, named: tuple[str, ...] = ()
) -> Declaration:
    """A compacted event: kept as long as its aggregate."""
    return Declaration(event_type, publisher, EventClass.STATE, key, audience, None, named)


def fact(
    event_type: str, publisher: str, key: tuple[str, ...], audience: Audience, named: tuple[str, ...] = ()
) -> Declaration:
    """A dated event: kept 14 days on the bus, and for ever by its owner's API."""
    return Declaration(event_type, publisher, EventClass.FACT, key, audience, FACT_RETENTION_DAYS, named)


class Event(BaseModel):
    """The base of everything published. Unknown fields are skipped, so that new ones can be added."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    declaration: ClassVar[Declaration]

    def key(self) -> str:
        """The key that orders this event: its declaration's key fields joined by a colon."""
        return ":".join(str(cast(object, getattr(self, name))) for name in self.declaration.key)


class StateEvent(Event):
    """The public state of one aggregate. `version` grows by at least one with every change."""

    version: int = Field(ge=1)


def _read_minor(value: object) -> int:
    """Minor units from an int, or from the string of digits that JSON carries."""
    if isinstance(value, bool) or not isinstance(value, int | str):
        raise ValueError("an amount is an integer of minor units")
    text = str(value)
    if not (text.isascii() and text.isdigit() and len(text) <= 19):
        raise ValueError("an amount is 1 to 19 digits of minor units")
    return int(text)


Minor = Annotated[
    int,
    BeforeValidator(_read_minor),
    Field(le=MAX_MINOR),
    PlainSerializer(str, return_type=str, when_used="json"),
    WithJsonSchema({"type": "string", "pattern": MINOR_PATTERN}),
]
"""An amount: an int in Python, a string of digits in JSON (JavaScript rounds integers above 2^53)."""

Word = Annotated[str, StringConstraints(pattern=WORD_PATTERN)]
"""A word of an open vocabulary (a state, a kind, a code). Consumers accept words that they do not know."""

AssetSymbol = Annotated[str, StringConstraints(pattern=ASSET_PATTERN)]
Slug = Annotated[str, StringConstraints(pattern=SLUG_PATTERN)]
ContentHash = Annotated[str, StringConstraints(pattern=HASH_PATTERN)]
"""A SHA-256: 43 characters of base64url without padding, or 64 of hex."""
Topic = Annotated[str, StringConstraints(pattern=r"^[a-z0-9-]{0,48}$")]
Count = Annotated[int, Field(ge=0)]
Id = UUID
Moment = AwareDatetime

__all__ = [
    "AssetSymbol",
    "Audience",
    "ContentHash",
    "Count",
    "Declaration",
    "Event",
    "EventClass",
    "Id",
    "Minor",
    "Moment",
    "Slug",
    "StateEvent",
    "Topic",
    "Word",
    "fact",
    "state",
]
