"""Withdrawals as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.bridge.domain.states import OPEN_WITHDRAWALS, WithdrawalState

if TYPE_CHECKING:
    import asyncpg

_COLUMNS = (
    "union_id, id, member_id, account_id, recipient, amount_minor, state, transaction_hash, version, "
    "requested_at, changed_at"
)


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An amount on its way out; `recipient` is an EIP-55 address."""

    union_id: UUID
    id: UUID
    member_id: UUID
    account_id: UUID
    recipient: str
    amount_minor: int
    state: WithdrawalState
    transaction_hash: str | None
    version: int
    requested_at: datetime
    changed_at: datetime


async def write_withdrawal(raw: asyncpg.Connection, made: Withdrawal) -> None:
    await raw.execute(
        f"INSERT INTO withdrawals ({_COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",  # noqa: S608
        made.union_id,
        made.id,
        made.member_id,
        made.account_id,
        made.recipient,
        made.amount_minor,
        made.state.value,
        made.transaction_hash,
        made.version,
        made.requested_at,
        made.changed_at,
    )


async def save_withdrawal(raw: asyncpg.Connection, changed: Withdrawal) -> None:
    """State, hash, version and time; the rest never changes."""
    await raw.execute(
        "UPDATE withdrawals SET state = $3, transaction_hash = $4, version = $5, changed_at = $6 "
        "WHERE union_id = $1 AND id = $2",
        changed.union_id,
        changed.id,
        changed.state.value,
        changed.transaction_hash,
        changed.version,
        changed.changed_at,
    )


async def lock_withdrawal(raw: asyncpg.Connection, union_id: UUID, withdrawal_id: UUID) -> Withdrawal | None:
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM withdrawals WHERE union_id = $1 AND id = $2 FOR UPDATE",  # noqa: S608
        union_id,
        withdrawal_id,
    )
    return None if row is None else _withdrawal(row)


async def find_withdrawal(
    raw: asyncpg.Connection, union_id: UUID, withdrawal_id: UUID, member_id: UUID | None = None
) -> Withdrawal | None:
    """With a member, only where it is theirs."""
    row = await raw.fetchrow(
        f"SELECT {_COLUMNS} FROM withdrawals WHERE union_id = $1 AND id = $2 "  # noqa: S608
        "AND ($3::uuid IS NULL OR member_id = $3)",
        union_id,
        withdrawal_id,
        member_id,
    )
    return None if row is None else _withdrawal(row)


async def withdrawals_before(
    raw: asyncpg.Connection, union_id: UUID, member_id: UUID, before: UUID | None, limit: int
) -> Sequence[Withdrawal]:
    """A member's own, the newest first."""
    rows = await raw.fetch(
        f"SELECT {_COLUMNS} FROM withdrawals WHERE union_id = $1 AND member_id = $2 "  # noqa: S608
        "AND ($3::uuid IS NULL OR id < $3) ORDER BY id DESC LIMIT $4",
        union_id,
        member_id,
        before,
        limit,
    )
    return [_withdrawal(row) for row in rows]


async def open_count(raw: asyncpg.Connection, union_id: UUID, member_id: UUID) -> int:
    """The member's withdrawals that are neither paid nor returned."""
    counted = await raw.fetchval(
        "SELECT count(*) FROM withdrawals WHERE union_id = $1 AND member_id = $2 AND state = ANY($3::text[])",
        union_id,
        member_id,
        [state.value for state in OPEN_WITHDRAWALS],
    )
    return counted or 0


def _withdrawal(row: Any) -> Withdrawal:
    return Withdrawal(
        union_id=row["union_id"],
        id=row["id"],
        member_id=row["member_id"],
        account_id=row["account_id"],
        recipient=row["recipient"],
        amount_minor=row["amount_minor"],
        state=WithdrawalState(row["state"]),
        transaction_hash=row["transaction_hash"],
        version=row["version"],
        requested_at=row["requested_at"],
        changed_at=row["changed_at"],
    )
