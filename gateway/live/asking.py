"""What a client asks of the live events: union, types, from where, as a stream or by the page."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl

from chassis.problems import LIMIT_INVALID, Problem
from chassis.visibility.event import SHOWN_TYPES
from gateway.live.problems import EVENTS_QUESTION_INVALID, POSITION_UNKNOWN

if TYPE_CHECKING:
    from starlette.types import Scope

POSITION_MAX_CHARACTERS = 4_096
TICKET_MAX_CHARACTERS = 64
_FIELDS = ("union", "types", "after", "limit", "ticket")
_UNION = re.compile(r"[A-Za-z0-9-]{1,64}")
_POSITION = re.compile(r"[A-Za-z0-9_.~=-]+")


@dataclass(frozen=True, slots=True)
class Asked:
    """`types` is None for all. `after`: the position that the client has; None for from now."""

    union: str | None
    types: frozenset[str] | None
    after: str | None
    limit: int
    by_page: bool
    ticket: str | None


def read_asked(scope: Scope, page_max: int) -> Asked:
    """Raises Problem 400. `Last-Event-ID`, which a reconnecting client sends, goes before `after`."""
    headers: dict[bytes, bytes] = dict(scope["headers"])
    query = _query(scope["query_string"])
    union = query.get("union")
    if union is not None and not _UNION.fullmatch(union):
        raise Problem(EVENTS_QUESTION_INVALID, {"reason": "`union` is a union's slug or id"})
    last_seen = headers.get(b"last-event-id", b"").decode("latin-1").strip()
    after = last_seen or query.get("after") or None
    if after is not None and (len(after) > POSITION_MAX_CHARACTERS or not _POSITION.fullmatch(after)):
        raise Problem(POSITION_UNKNOWN)
    ticket = query.get("ticket")
    if ticket is not None and len(ticket) > TICKET_MAX_CHARACTERS:
        raise Problem(EVENTS_QUESTION_INVALID, {"reason": "this is no ticket"})
    return Asked(
        union=union,
        types=_types(query.get("types")),
        after=after,
        limit=_limit(query.get("limit"), page_max),
        by_page=_wants_json(headers.get(b"accept", b"")),
        ticket=ticket,
    )


def _query(text: bytes) -> dict[str, str]:
    try:
        pairs = parse_qsl(text.decode("ascii"), keep_blank_values=True, max_num_fields=20, errors="strict")
    except ValueError:
        raise Problem(EVENTS_QUESTION_INVALID, {"reason": "the query cannot be read"}) from None
    names = [name for name, _ in pairs if name in _FIELDS]
    if len(set(names)) != len(names):
        reason = f"a query has each of {', '.join(_FIELDS)} at most once"
        raise Problem(EVENTS_QUESTION_INVALID, {"reason": reason})
    return dict(pairs)


def _types(text: str | None) -> frozenset[str] | None:
    if text is None:
        return None
    types = frozenset(part.strip() for part in text.split(","))
    if unknown := sorted(types - SHOWN_TYPES):
        reason = f"no event has the type {unknown[0][:48]!r}; there are {', '.join(sorted(SHOWN_TYPES))}"
        raise Problem(EVENTS_QUESTION_INVALID, {"reason": reason})
    return types


def _limit(text: str | None, most: int) -> int:
    if text is None:
        return most
    if not (text.isascii() and text.isdigit() and len(text) < 9 and 1 <= int(text) <= most):
        raise Problem(LIMIT_INVALID, {"limit_max": most})
    return int(text)


def _wants_json(accept: bytes) -> bool:
    """A client that names JSON and no stream reads by the page; every other one gets the stream."""
    named = set(_media_types(accept))
    return b"application/json" in named and b"text/event-stream" not in named


def _media_types(accept: bytes) -> Iterable[bytes]:
    return (part.split(b";")[0].strip().lower() for part in accept.split(b","))
