"""Deposits as rows: one for each log, however often it is read."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.bridge.domain.deposits import DepositLog
from services.ledger.bridge.domain.states import DepositState, Unclaimed

if TYPE_CHECKING:
    import asyncpg

_COLUMNS = (
    "id, transaction_hash, block_number, block_hash, depositor, chain_amount, amount_minor, state, "
    "unclaimed, member_id, seen_at, credited_at"
)
_SEE = """
INSERT INTO deposits (union_id, id, transaction_hash, ordinal, block_number, block_hash, depositor,
                      account_word, chain_amount, state, seen_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 'unclaimed', $10)
ON CONFLICT (union_id, transaction_hash, ordinal)
DO UPDATE SET block_number = excluded.block_number, block_hash = excluded.block_hash
RETURNING id
"""


@dataclass(frozen=True, slots=True)
class Deposit:
    """A deposit as it is shown. `chain_amount` is what the chain counts, `amount_minor` what divides."""

    id: UUID
    transaction_hash: str
    block_number: int
    block_hash: str | None
    depositor: str
    chain_amount: int
    amount_minor: int | None
    state: DepositState
    unclaimed: Unclaimed | None
    member_id: UUID | None
    seen_at: datetime
    credited_at: datetime | None


async def see_deposit(
    raw: asyncpg.Connection, union_id: UUID, deposit_id: UUID, log: DepositLog, now: datetime
) -> bool:
    """True for a log that was never seen; one seen before only learns which block holds it now."""
    found = await raw.fetchval(
        _SEE,
        union_id,
        deposit_id,
        log.transaction_hash,
        log.ordinal,
        log.block.number,
        log.block.hash,
        log.depositor,
        log.account,
        str(log.amount),
        now,
    )
    return found == deposit_id


async def note_credited(
    raw: asyncpg.Connection,
    union_id: UUID,
    deposit_id: UUID,
    amount_minor: int,
    transfer_id: UUID,
    member_id: UUID,
    now: datetime,
) -> None:
    await raw.execute(
        "UPDATE deposits SET state = 'credited', unclaimed = NULL, amount_minor = $3, transfer_id = $4, "
        "member_id = $5, credited_at = $6 WHERE union_id = $1 AND id = $2",
        union_id,
        deposit_id,
        amount_minor,
        transfer_id,
        member_id,
        now,
    )


async def note_unclaimed(
    raw: asyncpg.Connection, union_id: UUID, deposit_id: UUID, amount_minor: int | None, why: Unclaimed
) -> None:
    await raw.execute(
        "UPDATE deposits SET unclaimed = $4, amount_minor = $3 WHERE union_id = $1 AND id = $2",
        union_id,
        deposit_id,
        amount_minor,
        why.value,
    )


async def lock_deposit(raw: asyncpg.Connection, union_id: UUID, deposit_id: UUID) -> Deposit | None:
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM deposits WHERE union_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        union_id,
        deposit_id,
    )
    return None if row is None else _deposit(row)


async def find_deposit(
    raw: asyncpg.Connection, union_id: UUID, deposit_id: UUID, member_id: UUID
) -> Deposit | None:
    """One that the member may see: their own, or one that nobody was credited for."""
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM deposits WHERE union_id = $1 AND id = $2 "  # noqa: S608
        "AND (member_id = $3 OR member_id IS NULL)",
        union_id,
        deposit_id,
        member_id,
    )
    return None if row is None else _deposit(row)


async def deposits_before(
    raw: asyncpg.Connection, union_id: UUID, member_id: UUID | None, before: UUID | None, limit: int
) -> Sequence[Deposit]:
    """Those of a member, or with None those that nobody was credited for; the newest first."""
    rows = await raw.fetch(
        f"SELECT {_COLUMNS} FROM deposits WHERE union_id = $1 "  # noqa: S608
        "AND member_id IS NOT DISTINCT FROM $2 AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
        union_id,
        member_id,
        before,
        limit,
    )
    return [_deposit(row) for row in rows]


async def vanished_count(raw: asyncpg.Connection, chain_id: int) -> int:
    """Credited deposits that a fork took from the chain and that have not come back."""
    counted = await raw.fetchval(
        "SELECT count(*) FROM deposits d JOIN bridges b USING (union_id) "
        "WHERE b.chain_id = $1 AND d.block_hash IS NULL AND d.state = 'credited' "
        "AND b.indexed_number >= d.block_number",
        chain_id,
    )
    return counted or 0


def _deposit(row: Any) -> Deposit:
    return Deposit(
        id=row["id"],
        transaction_hash=row["transaction_hash"],
        block_number=row["block_number"],
        block_hash=row["block_hash"],
        depositor=row["depositor"],
        chain_amount=int(row["chain_amount"]),
        amount_minor=row["amount_minor"],
        state=DepositState(row["state"]),
        unclaimed=None if row["unclaimed"] is None else Unclaimed(row["unclaimed"]),
        member_id=row["member_id"],
        seen_at=row["seen_at"],
        credited_at=row["credited_at"],
    )
