"""Decisions that were carried out or refused: each once."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.ledger.domain.supply import DecidedEffect, EffectRefusal, EffectState

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool

_KNOWN = "SELECT true FROM decision_effects WHERE union_id = $1 AND decision_id = $2"
_KEEP = """
INSERT INTO decision_effects
    (union_id, decision_id, effect, asset, amount_minor, passed_at, state, refusal, settled_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_ISSUED = """
SELECT coalesce(sum(amount_minor), 0)::bigint FROM decision_effects
WHERE union_id = $1 AND effect = 'issue' AND state = 'done'
"""


async def is_settled(raw: asyncpg.Connection, union_id: UUID, decision_id: UUID) -> bool:
    return bool(await raw.fetchval(_KNOWN, union_id, decision_id))


async def keep_effect(
    raw: asyncpg.Connection,
    union_id: UUID,
    effect: DecidedEffect,
    refusal: EffectRefusal | None,
    now: datetime,
) -> None:
    state = EffectState.DONE if refusal is None else EffectState.REFUSED
    await raw.execute(
        _KEEP,
        union_id,
        effect.decision_id,
        effect.effect,
        effect.asset,
        effect.amount_minor,
        effect.passed_at,
        state.value,
        None if refusal is None else refusal.value,
        now,
    )


async def issued_by_decisions(raw: asyncpg.Connection | ReadPool, union_id: UUID) -> int:
    """Minor units, since the genesis."""
    return await raw.fetchval(_ISSUED, union_id) or 0
