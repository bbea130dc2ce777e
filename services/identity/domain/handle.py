"""Handles: the names by which members are called; unique, never given to another."""

import base64
import re
from functools import cache
from uuid import UUID

from services.identity.domain.errors import HandleRefused
from services.identity.domain.look_alike import look_of

HANDLE_PATTERN = r"^[a-z0-9](?:[a-z0-9]|-(?=[a-z0-9])){2,29}$"
_SHAPE = re.compile(HANDLE_PATTERN)
_UUID = re.compile(r"^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$")

_RESERVED_WORDS = """
admin administrator all anonymous api assembly everybody everyone founder funding gateway graph guildhall help
here home identity invite ledger login market me member members moderator nobody null official operator owner
root security staff support system team treasury undefined union unions you
"""
RESERVED_HANDLES = frozenset(_RESERVED_WORDS.split())


def first_handle(member_id: UUID) -> str:
    """The handle that a member starts with: 12 characters of the random part of their id."""
    random_bits = member_id.int & ((1 << 62) - 1)
    text = base64.b32encode(random_bits.to_bytes(8, "big")).decode("ascii").rstrip("=").lower()
    return f"m-{text[-12:]}"


def check_handle(handle: str) -> str:
    """The handle as it is kept. Raises HandleRefused with the broken rule."""
    wanted = handle.strip().lower()
    if not _SHAPE.match(wanted):
        raise HandleRefused(handle, "3 to 30 letters a-z, digits and single inner hyphens")
    if wanted in RESERVED_HANDLES or look_of(wanted) in _reserved_looks():
        raise HandleRefused(handle, "a reserved word, or like one")
    return wanted


@cache
def _reserved_looks() -> frozenset[str]:
    return frozenset(look_of(word) for word in RESERVED_HANDLES)


def looks_like_id(text: str) -> bool:
    """Whether a path's `{member}` or `{union}` is an id (36 characters) and not a name."""
    return _UUID.match(text.lower()) is not None
