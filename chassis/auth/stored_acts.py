"""Signed acts are kept with what they caused: none is done twice, and all can be shown."""

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.signatures import ActReplayed, SignedAct

_STORE = """
INSERT INTO signed_acts (device_key_id, nonce, member_id, created, method, target_uri, content_digest,
                         idempotency_key, signature_input, signature, body, stored_at)
SELECT *, $12::timestamptz
FROM unnest($1::text[], $2::text[], $3::uuid[], $4::timestamptz[], $5::text[], $6::text[], $7::text[],
            $8::text[], $9::text[], $10::text[], $11::bytea[])
ON CONFLICT DO NOTHING RETURNING device_key_id, nonce
"""


async def store_acts(
    raw: asyncpg.Connection, acts: Sequence[tuple[UUID, SignedAct]], now: datetime
) -> set[tuple[str, str]]:
    """Store several, by member; returns key and nonce of those that are new. Of two that are the same, one is
    new, and who asks has to know which."""
    rows = await raw.fetch(
        _STORE,
        [act.key_id for _, act in acts],
        [act.nonce for _, act in acts],
        [member_id for member_id, _ in acts],
        [act.created for _, act in acts],
        [act.method for _, act in acts],
        [act.target_uri for _, act in acts],
        [act.content_digest for _, act in acts],
        [act.idempotency_key for _, act in acts],
        [act.signature_input for _, act in acts],
        [act.signature for _, act in acts],
        [act.body for _, act in acts],
        now,
    )
    return {(row["device_key_id"], row["nonce"]) for row in rows}


async def store_act(raw: asyncpg.Connection, member_id: UUID, act: SignedAct, now: datetime) -> None:
    """Store the act in the transaction of `raw`. Raises ActReplayed when its nonce is stored already."""
    if not await store_acts(raw, [(member_id, act)], now):
        raise ActReplayed(act.key_id, act.nonce)
