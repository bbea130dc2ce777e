"""Who speaks for whom now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.graph.domain.changes import GENERAL_TOPIC

if TYPE_CHECKING:
    import asyncpg

_PUT = """
INSERT INTO voices (union_id, member_id, topic, leader_id, version, since) VALUES ($1, $2, $3, $4, $5, $6)
ON CONFLICT (union_id, member_id, topic) DO UPDATE
SET leader_id = excluded.leader_id, version = excluded.version, since = excluded.since
"""
_FIND = """
SELECT member_id, leader_id, topic, version, since FROM voices
WHERE union_id = $1 AND member_id = $2 AND topic = $3
"""


@dataclass(frozen=True, slots=True)
class Voice:
    """A voice that is given; `version` is that of the change that gave it."""

    member_id: UUID
    leader_id: UUID
    topic: str
    version: int
    since: datetime


async def find_voice(raw: asyncpg.Connection, union_id: UUID, member_id: UUID) -> Voice | None:
    row = await raw.fetchrow(_FIND, union_id, member_id, GENERAL_TOPIC)
    return None if row is None else Voice(*row)


async def put_voice(raw: asyncpg.Connection, union_id: UUID, voice: Voice) -> None:
    await raw.execute(
        _PUT, union_id, voice.member_id, voice.topic, voice.leader_id, voice.version, voice.since
    )


async def remove_voice(raw: asyncpg.Connection, union_id: UUID, member_id: UUID) -> None:
    await raw.execute(
        "DELETE FROM voices WHERE union_id = $1 AND member_id = $2 AND topic = $3",
        union_id,
        member_id,
        GENERAL_TOPIC,
    )
