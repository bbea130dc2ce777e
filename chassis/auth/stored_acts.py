"""Signed acts are kept with what they caused: none is done twice, and all can be shown."""

from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.signatures import ActReplayed, SignedAct

_STORE = """
INSERT INTO signed_acts (device_key_id, nonce, member_id, created, method, target_uri, content_digest,
                         idempotency_key, signature_input, signature, body, stored_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
ON CONFLICT DO NOTHING
"""


async def store_act(raw: asyncpg.Connection, member_id: UUID, act: SignedAct, now: datetime) -> None:
    """Store the act in the transaction of `raw`. Raises ActReplayed when its nonce is stored already."""
    status = await raw.execute(
        _STORE,
        act.key_id,
        act.nonce,
        member_id,
        act.created,
        act.method,
        act.target_uri,
        act.content_digest,
        act.idempotency_key,
        act.signature_input,
        act.signature,
        act.body,
        now,
    )
    if status != "INSERT 0 1":
        raise ActReplayed(act.key_id, act.nonce)
