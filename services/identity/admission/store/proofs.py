"""What people have proven to a union, by way: a credential that was presented, a balance that was seen."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import CredentialUsed
from services.identity.store.row_counts import rows_of


@dataclass(frozen=True, slots=True)
class Proof:
    """That a way of the rule is so for somebody until `valid_until`, None without an end. `digest`: of the
    credential; `block_number`: at which the balance was seen."""

    union_id: UUID
    member_id: UUID
    way: str
    valid_until: datetime | None
    digest: bytes | None = None
    block_number: int | None = None


async def keep_proof(unit: UnitOfWork, proof: Proof) -> None:
    """In the place of the one before it. Raises CredentialUsed where it is another member's."""
    try:
        await (await unit.raw()).execute(
            """
            INSERT INTO admission_proofs
                (union_id, member_id, way, proven_at, valid_until, digest, block_number, unneeded_since)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $4)
            ON CONFLICT (union_id, member_id, way) DO UPDATE
            SET (proven_at, valid_until, digest, block_number, unneeded_since) = (excluded.proven_at,
                excluded.valid_until, excluded.digest, excluded.block_number, excluded.unneeded_since)
            """,
            proof.union_id,
            proof.member_id,
            proof.way,
            unit.now,
            proof.valid_until,
            proof.digest,
            proof.block_number,
        )
    except asyncpg.UniqueViolationError:
        raise CredentialUsed from None


async def end_proofs(unit: UnitOfWork, union_id: UUID, member_id: UUID, ways: Collection[str]) -> None:
    """What was so is so no more."""
    query = "DELETE FROM admission_proofs WHERE union_id = $1 AND member_id = $2 AND way = ANY($3)"
    await (await unit.raw()).execute(query, union_id, member_id, list(ways))


async def proofs_of(
    unit: UnitOfWork, union_id: UUID, member_id: UUID, ways: Collection[str]
) -> Mapping[str, datetime | None]:
    """Of these ways those that hold now, and until when: None without an end."""
    rows = await (await unit.raw()).fetch(
        """
        SELECT way, valid_until FROM admission_proofs
        WHERE union_id = $1 AND member_id = $2 AND way = ANY($3)
          AND (valid_until IS NULL OR valid_until > $4)
        """,
        union_id,
        member_id,
        list(ways),
        unit.now,
    )
    return {row["way"]: row["valid_until"] for row in rows}


async def let_go(unit: UnitOfWork, union_id: UUID, member_ids: Sequence[UUID]) -> None:
    """Of who is out: no membership rests on them any more."""
    query = "UPDATE admission_proofs SET unneeded_since = $3 WHERE union_id = $1 AND member_id = ANY($2)"
    await (await unit.raw()).execute(query, union_id, list(member_ids), unit.now)


async def rest_again(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> None:
    """Of who won an appeal: the membership that rested on them goes on."""
    query = "UPDATE admission_proofs SET unneeded_since = NULL WHERE union_id = $1 AND member_id = $2"
    await (await unit.raw()).execute(query, union_id, member_id)


async def forget_proofs(unit: UnitOfWork, before: datetime, limit: int) -> int:
    """On which no membership has rested since then; returns how many. Who joins at this moment holds theirs:
    it stays."""
    done = await (await unit.raw()).execute(
        """
        DELETE FROM admission_proofs WHERE (union_id, member_id, way) IN (
            SELECT p.union_id, p.member_id, p.way FROM admission_proofs p
            WHERE p.unneeded_since <= $1 AND NOT EXISTS (
                SELECT FROM memberships m
                WHERE (m.union_id, m.member_id) = (p.union_id, p.member_id)
                  AND m.state IN ('active', 'suspended'))
            ORDER BY p.unneeded_since LIMIT $2 FOR UPDATE OF p SKIP LOCKED)
        """,
        before,
        limit,
    )
    return rows_of(done)
