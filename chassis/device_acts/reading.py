"""The signed acts of one device of one member: the newest first, by an index, however many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit
from uuid import UUID

from chassis.device_acts.positions import Position
from chassis.signatures import SignedAct
from chassis.unit_of_work import UnitOfWork

_LINES = """
SELECT nonce, created, stored_at, method, target_uri FROM signed_acts
WHERE device_key_id = $1 AND member_id = $2{after} ORDER BY created DESC, nonce DESC LIMIT $3
"""
FIRST_LINES = _LINES.format(after="")
LINES_AFTER = _LINES.format(after=" AND (created, nonce) < ($4, $5)")
"""A statement of its own: one for both would be planned without the position, and read the list up to it."""


@dataclass(frozen=True, slots=True)
class ActLine:
    """An act without what it says: when it was signed, when this service took it, and what it asked for."""

    nonce: str
    signed_at: datetime
    stored_at: datetime
    method: str
    target_uri: str

    @property
    def path(self) -> str:
        """The target without the deployment's address."""
        parts = urlsplit(self.target_uri)
        return f"{parts.path}?{parts.query}" if parts.query else parts.path

    @property
    def union(self) -> str | None:
        """Slug or id of the union that the act is in, as its path names it."""
        parts = self.path.partition("?")[0].split("/", 4)
        return parts[3] if parts[1:3] == ["v1", "unions"] and len(parts) > 3 and parts[3] else None


async def acts_of_device(
    unit: UnitOfWork, member_id: UUID, device_key_id: str, after: Position | None, limit: int
) -> Sequence[ActLine]:
    """At most `limit` and one more, to see if others follow."""
    raw = await unit.raw()
    wanted = (device_key_id, member_id, limit + 1)
    if after is None:
        rows = await raw.fetch(FIRST_LINES, *wanted)
    else:
        seconds, nonce = after
        rows = await raw.fetch(LINES_AFTER, *wanted, datetime.fromtimestamp(seconds, UTC), nonce)
    return [
        ActLine(row["nonce"], row["created"], row["stored_at"], row["method"], row["target_uri"])
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class KeptAct:
    """An act with everything that proves it, and when this service took it."""

    act: SignedAct
    stored_at: datetime


async def act_of_device(unit: UnitOfWork, member_id: UUID, device_key_id: str, nonce: str) -> KeptAct | None:
    """None where the member has no such act of this device here."""
    raw = await unit.raw()
    row = await raw.fetchrow(
        """
        SELECT created, method, target_uri, content_digest, idempotency_key, signature_input, signature, body,
               stored_at
        FROM signed_acts WHERE device_key_id = $1 AND nonce = $2 AND member_id = $3
        """,
        device_key_id,
        nonce,
        member_id,
    )
    if row is None:
        return None
    act = SignedAct(
        key_id=device_key_id,
        nonce=nonce,
        created=row["created"],
        method=row["method"],
        target_uri=row["target_uri"],
        content_digest=row["content_digest"],
        idempotency_key=row["idempotency_key"],
        signature=row["signature"],
        signature_input=row["signature_input"],
        body=row["body"],
    )
    return KeptAct(act, row["stored_at"])
