"""The acts of several services as one list: by the second and the nonce that were signed, the newest first.

An act that its service passed on to another (a payment, to the ledger) was stored by both: it is one row.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gateway.routing import service_of

Position = tuple[int, str]
Page = Mapping[str, Any]
"""A service's answer: `items`, and `next_cursor` where more follow."""


def merge(pages: Mapping[str, Page], limit: int) -> tuple[list[dict[str, Any]], Position | None]:
    """At most `limit` rows, or a few more of the last second and nonce; and where the list goes on.

    What is older than the last row of a service that has more may be preceded by one of those: it waits.
    """
    ends = [_position(page["items"][-1]) for page in pages.values() if page["next_cursor"] is not None]
    reached = max(ends, default=(0, ""))
    found: dict[tuple[Position, str, str], dict[str, Any]] = {}
    for service, page in pages.items():
        for item in page["items"]:
            key = (_position(item), item["method"], item["path"])
            if key in found:
                found[key]["services"].append(service)
            else:
                found[key] = {**item, "services": [service]}
    ordered = sorted(found, reverse=True)
    rows: list[dict[str, Any]] = []
    last: Position | None = None
    for key in ordered:
        if key[0] < reached or (len(rows) >= limit and key[0] != last):
            return rows, last
        rows.append(_row(found[key]))
        last = key[0]
    return rows, last if ends else None


def _position(item: Mapping[str, Any]) -> Position:
    return int(datetime.fromisoformat(item["signed_at"]).timestamp()), item["nonce"]


def _row(found: Mapping[str, Any]) -> dict[str, Any]:
    """With its id: the service that it was signed to, and its nonce there."""
    services: Sequence[str] = sorted(found["services"])
    asked = service_of(found["path"].partition("?")[0])
    return {
        "id": f"{asked if asked in services else services[0]}.{found['nonce']}",
        "signed_at": found["signed_at"],
        "method": found["method"],
        "path": found["path"],
        "union": found["union"],
        "services": services,
    }
