"""What the operator sends: transactions, their nonces, every attempt as it was signed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.bridge.domain.sending import Fees
from services.ledger.bridge.domain.states import TransactionKind

if TYPE_CHECKING:
    import asyncpg

ERROR_CHARACTERS_MAX = 500


@dataclass(frozen=True, slots=True)
class Transaction:
    """One purpose: all its attempts share its nonce."""

    union_id: UUID
    id: UUID
    kind: TransactionKind
    chain_id: int
    nonce: int | None
    attempts_count: int


@dataclass(frozen=True, slots=True)
class Attempt:
    """A signed transaction, written down before it is sent."""

    number: int
    nonce: int
    hash: str
    signed: bytes
    fees: Fees
    signed_at: datetime


async def write_transaction(
    raw: asyncpg.Connection,
    union_id: UUID,
    transaction_id: UUID,
    kind: TransactionKind,
    chain_id: int,
    now: datetime,
) -> None:
    await raw.execute(
        "INSERT INTO chain_transactions (union_id, id, kind, chain_id, state, attempts_count, created_at) "
        "VALUES ($1, $2, $3, $4, 'waiting', 0, $5) ON CONFLICT DO NOTHING",
        union_id,
        transaction_id,
        kind.value,
        chain_id,
        now,
    )


async def waiting_transactions(raw: asyncpg.Connection, chain_id: int, limit: int) -> Sequence[Transaction]:
    """Those that have a nonce first, in its order: what comes later cannot run before them."""
    rows = await raw.fetch(
        "SELECT union_id, id, kind, chain_id, nonce, attempts_count FROM chain_transactions "
        "WHERE state = 'waiting' AND chain_id = $1 ORDER BY nonce NULLS LAST, created_at, id LIMIT $2",
        chain_id,
        limit,
    )
    return [_transaction(row) for row in rows]


async def lock_transaction(
    raw: asyncpg.Connection, union_id: UUID, transaction_id: UUID
) -> Transaction | None:
    """None once it is settled."""
    row = await raw.fetchrow(
        "SELECT union_id, id, kind, chain_id, nonce, attempts_count FROM chain_transactions "
        "WHERE union_id = $1 AND id = $2 AND state = 'waiting' FOR UPDATE",
        union_id,
        transaction_id,
    )
    return None if row is None else _transaction(row)


async def take_nonce(
    raw: asyncpg.Connection, transaction: Transaction, address: str, used_on_chain: int
) -> int:
    """The next nonce of the operator, given to this transaction. Called with the transaction locked.

    `used_on_chain`: nonces below it are gone, whatever this database knows of them.
    """
    nonce = await raw.fetchval(
        "INSERT INTO chain_operators (chain_id, address, next_nonce) VALUES ($1, $2, $3 + 1) "
        "ON CONFLICT (chain_id, address) "
        "DO UPDATE SET next_nonce = greatest(chain_operators.next_nonce, $3) + 1 RETURNING next_nonce - 1",
        transaction.chain_id,
        address,
        used_on_chain,
    )
    await raw.execute(
        "UPDATE chain_transactions SET nonce = $3, last_error = NULL WHERE union_id = $1 AND id = $2",
        transaction.union_id,
        transaction.id,
        nonce,
    )
    assert isinstance(nonce, int)
    return nonce


async def drop_nonce(raw: asyncpg.Connection, transaction: Transaction) -> None:
    await raw.execute(
        "UPDATE chain_transactions SET nonce = NULL WHERE union_id = $1 AND id = $2",
        transaction.union_id,
        transaction.id,
    )


async def attempts_of(raw: asyncpg.Connection, transaction: Transaction) -> Sequence[Attempt]:
    """The newest first, also those under an earlier nonce."""
    rows = await raw.fetch(
        "SELECT number, nonce, hash, signed, max_fee_wei, priority_fee_wei, signed_at FROM chain_attempts "
        "WHERE union_id = $1 AND transaction_id = $2 ORDER BY number DESC",
        transaction.union_id,
        transaction.id,
    )
    return [
        Attempt(
            number=row["number"],
            nonce=row["nonce"],
            hash=row["hash"],
            signed=row["signed"],
            fees=Fees(int(row["max_fee_wei"]), int(row["priority_fee_wei"])),
            signed_at=row["signed_at"],
        )
        for row in rows
    ]


async def write_attempt(raw: asyncpg.Connection, transaction: Transaction, attempt: Attempt) -> bool:
    """Before it is sent. False where another process wrote one of this number first."""
    status = await raw.execute(
        "INSERT INTO chain_attempts (union_id, transaction_id, number, nonce, hash, signed, max_fee_wei, "
        "priority_fee_wei, signed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING",
        transaction.union_id,
        transaction.id,
        attempt.number,
        attempt.nonce,
        attempt.hash,
        attempt.signed,
        str(attempt.fees.max_fee_wei),
        str(attempt.fees.priority_fee_wei),
        attempt.signed_at,
    )
    if status != "INSERT 0 1":
        return False
    await raw.execute(
        "UPDATE chain_transactions SET attempts_count = $3, last_error = NULL "
        "WHERE union_id = $1 AND id = $2",
        transaction.union_id,
        transaction.id,
        attempt.number,
    )
    return True


async def note_error(raw: asyncpg.Connection, transaction: Transaction, error: str | None) -> None:
    """Why it does not get on, for whoever operates the house."""
    await raw.execute(
        "UPDATE chain_transactions SET last_error = $3 WHERE union_id = $1 AND id = $2 AND state = 'waiting'",
        transaction.union_id,
        transaction.id,
        None if error is None else error[:ERROR_CHARACTERS_MAX],
    )


async def settle(raw: asyncpg.Connection, transaction: Transaction, *, is_done: bool) -> None:
    await raw.execute(
        "UPDATE chain_transactions SET state = $3 WHERE union_id = $1 AND id = $2",
        transaction.union_id,
        transaction.id,
        "done" if is_done else "failed",
    )


def _transaction(row: Any) -> Transaction:
    return Transaction(
        union_id=row["union_id"],
        id=row["id"],
        kind=TransactionKind(row["kind"]),
        chain_id=row["chain_id"],
        nonce=row["nonce"],
        attempts_count=row["attempts_count"],
    )
