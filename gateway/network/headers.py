"""Which headers belong to one connection alone and are not handed on (RFC 9110, section 7.6.1)."""

from __future__ import annotations

from collections.abc import Iterable

HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-authenticate",
        b"proxy-authorization",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"transfer-encoding",
        b"upgrade",
    }
)
BY_THIS_HOP = frozenset({b"content-length", b"expect"})
"""Said anew to the service: how long the body is, and that it comes at once."""

TOLD_BY_THIS_HOP = frozenset({b"date", b"server"})
"""Said anew to the client by the server that the gateway runs in."""

Header = tuple[bytes, bytes]


def end_to_end(headers: Iterable[Header], also: frozenset[bytes] = frozenset()) -> list[Header]:
    """The headers that are for the other end; names come in lower case, or leave in it."""
    lower = [(name.lower(), value) for name, value in headers]
    named = {
        option.strip().lower()
        for name, value in lower
        if name == b"connection"
        for option in value.split(b",")
    }
    dropped = HOP_BY_HOP | also | named
    return [header for header in lower if header[0] not in dropped]
