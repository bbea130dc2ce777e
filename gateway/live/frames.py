"""The lines of server-sent events (HTML Living Standard, section 9.2)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

if TYPE_CHECKING:
    from chassis.visibility.event import LiveEvent

RECONNECT_MS = 2_000
MEDIA_TYPE = b"text/event-stream; charset=utf-8"


def opening(position: str) -> bytes:
    """Says how soon to reconnect, and from where. A block without data moves the last event id alone."""
    return f": guildhall\nretry: {RECONNECT_MS}\nid: {position}\n\n".encode()


def beat(position: str) -> bytes:
    """A comment that keeps proxies from closing; the position moves on although nothing was shown."""
    return f": beat\nid: {position}\n\n".encode()


def event_frame(event: LiveEvent) -> bytes:
    """JSON has no line breaks of its own."""
    return b"id: %b\nevent: %b\ndata: %b\n\n" % (event.position.encode(), event.type.encode(), event.json)


def said(name: str, reason: str, position: str | None = None) -> bytes:
    """`reset`: what the client has may lack events; `end`: no event follows on this connection."""
    where = "" if position is None else f"id: {position}\n"
    return f"{where}event: {name}\ndata: {orjson.dumps({'reason': reason}).decode()}\n\n".encode()
