"""Answers kept under their Idempotency-Key: the same request twice has one effect and one answer.

Scope: actor, method and path. The row is written in the transaction of the request; refusals are not stored.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.problems import IN_PROGRESS, KEY_MALFORMED, KEY_REUSED, Problem

if TYPE_CHECKING:
    from chassis.unit_of_work import UnitOfWork

_KEY = re.compile(r"^[\x21-\x7e]{1,128}$")
_KEPT_HEADERS = ("location", "etag", "guildhall-event", "content-type", "link")


@dataclass(frozen=True, slots=True)
class IdempotencyScope:
    """Which request a key belongs to, and what its body was."""

    digest: bytes
    request_digest: bytes

    @property
    def lock_number(self) -> int:
        return int.from_bytes(self.digest[:8], "big", signed=True)


@dataclass(frozen=True, slots=True)
class StoredAnswer:
    """The answer that the first request got, or where its resource's present state is."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    resource: str | None
    intent_ids: tuple[UUID, ...]


def idempotency_scope(actor: str, method: str, path: str, key: str, body: bytes) -> IdempotencyScope:
    """The scope of a key; a key that is no visible ASCII of 1 to 128 characters is a Problem 400."""
    if not _KEY.match(key):
        raise Problem(KEY_MALFORMED)
    name = "\0".join((actor, method, path, key)).encode()
    return IdempotencyScope(hashlib.sha256(name).digest(), hashlib.sha256(body).digest())


async def stored_answer(unit: UnitOfWork, scope: IdempotencyScope, kept_days: int) -> StoredAnswer | None:
    """Take the key for this transaction; the answer where there is one already.

    Raises Problem 409 while the first request is still running, or when the body is another one.
    """
    raw = await unit.raw()
    row = await raw.fetchrow(
        "SELECT * FROM take_idempotency_key($1, $2, $3)",
        scope.lock_number,
        scope.digest,
        (unit.now - timedelta(days=kept_days)).date(),
    )
    if row is None or not row["taken"]:
        raise Problem(IN_PROGRESS, headers={"Retry-After": "1"})
    if row["status"] is None:
        return None
    if row["request_digest"] != scope.request_digest:
        raise Problem(KEY_REUSED)
    intent_ids = row["intent_ids"] or []
    return StoredAnswer(
        row["status"],
        row["headers"],
        row["body"],
        row["resource"],
        tuple(UUID(text) for text in intent_ids),
    )


async def store_answer(
    unit: UnitOfWork,
    scope: IdempotencyScope,
    status: int,
    headers: Mapping[str, str],
    body: bytes,
    resource: str | None,
    intent_ids: Sequence[UUID],
) -> None:
    raw = await unit.raw()
    kept = {name: value for name, value in headers.items() if name.lower() in _KEPT_HEADERS}
    await raw.execute(
        """
        INSERT INTO idempotency_keys (created_on, scope, request_digest, status, headers, body, resource,
                                      intent_ids, created_at)
        VALUES ($1, $2, $3, $4, $5::jsonb, $6, $7, $8::jsonb, $9)
        """,
        unit.now.date(),
        scope.digest,
        scope.request_digest,
        status,
        orjson.dumps(kept).decode(),
        body,
        resource,
        orjson.dumps([str(intent_id) for intent_id in intent_ids]).decode() if intent_ids else None,
        unit.now,
    )
