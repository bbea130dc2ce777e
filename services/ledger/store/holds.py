"""Holds as rows: those that a batch names, those whose time has ended, and the lists of a member."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.holds import Hold, HoldKey, HoldState

if TYPE_CHECKING:
    import asyncpg

_COLUMNS = """h.id, h.sequence, d.id AS debit_account, c.id AS credit_account, h.amount_minor, h.expires_at,
       h.state, h.taken_minor, h.closed_sequence"""
# OFFSET 0 has each looked up by its key, as in books.
_NAMED = f"""
SELECT {_COLUMNS}
FROM unnest($2::uuid[], $3::uuid[]) AS asked (debit_account, id)
CROSS JOIN LATERAL (
    SELECT id, number FROM accounts WHERE union_id = $1 AND id = asked.debit_account OFFSET 0) d
CROSS JOIN LATERAL (
    SELECT * FROM holds WHERE union_id = $1 AND debit_number = d.number AND id = asked.id OFFSET 0) h
CROSS JOIN LATERAL (
    SELECT id FROM accounts WHERE union_id = $1 AND number = h.credit_number OFFSET 0) c
"""  # noqa: S608 - constant columns
_DUE = f"""
SELECT {_COLUMNS}
FROM unnest($2::bigint[]) AS touched (number)
CROSS JOIN LATERAL (
    SELECT * FROM holds
    WHERE union_id = $1 AND debit_number = touched.number AND state = 'pending' AND expires_at <= $3
    OFFSET 0) h
CROSS JOIN LATERAL (
    SELECT id FROM accounts WHERE union_id = $1 AND number = h.debit_number OFFSET 0) d
CROSS JOIN LATERAL (
    SELECT id FROM accounts WHERE union_id = $1 AND number = h.credit_number OFFSET 0) c
ORDER BY h.expires_at, h.sequence
"""  # noqa: S608 - constant columns
_COUNTS = """
SELECT asked.id, (
    SELECT count(*) FROM holds h
    WHERE h.union_id = $1 AND h.debit_number = asked.number AND h.state = 'pending'
) AS pending_count
FROM unnest($2::uuid[], $3::bigint[]) AS asked (id, number)
"""
_WRITE = """
INSERT INTO holds (union_id, debit_number, id, credit_number, sequence, amount_minor, expires_at, state,
                   taken_minor, closed_sequence)
SELECT $1, * FROM unnest($2::bigint[], $3::uuid[], $4::bigint[], $5::bigint[], $6::bigint[],
                         $7::timestamptz[], $8::text[], $9::bigint[], $10::bigint[])
ON CONFLICT (union_id, debit_number, id) DO UPDATE
SET state = excluded.state, taken_minor = excluded.taken_minor, closed_sequence = excluded.closed_sequence
"""
_PAGE = """
SELECT h.id, h.sequence, d.owner_id AS payer_id, c.owner_id AS payee_id,
       d.id AS debit_account, c.id AS credit_account, d.asset, h.amount_minor, h.expires_at,
       h.state, h.taken_minor, opened.time AS opened_at, closed.time AS closed_at, m.memo
FROM (
    (SELECT * FROM holds WHERE union_id = $1 AND debit_number = $2 AND {given} LIMIT $4)
    UNION
    (SELECT * FROM holds WHERE union_id = $1 AND credit_number = $2 AND {received} LIMIT $4)
) h
JOIN accounts d ON d.union_id = h.union_id AND d.number = h.debit_number
JOIN accounts c ON c.union_id = h.union_id AND c.number = h.credit_number
CROSS JOIN LATERAL (
    SELECT e.time FROM transfers t
    JOIN journal_entries e ON e.union_id = t.union_id AND e.number = t.entry_number
    WHERE t.union_id = $1 AND t.sequence = h.sequence OFFSET 0) opened
LEFT JOIN LATERAL (
    SELECT e.time FROM transfers t
    JOIN journal_entries e ON e.union_id = t.union_id AND e.number = t.entry_number
    WHERE t.union_id = $1 AND t.sequence = h.closed_sequence OFFSET 0) closed ON true
LEFT JOIN LATERAL (
    SELECT memo FROM transfer_memos WHERE union_id = $1 AND sequence = h.sequence OFFSET 0) m ON true
ORDER BY {order} LIMIT $4
"""
_PENDING_PAGE = _PAGE.format(
    given="state = 'pending' AND (expires_at, sequence) > ($3, $5) ORDER BY expires_at, sequence",
    received="state = 'pending' AND (expires_at, sequence) > ($3, $5) ORDER BY expires_at, sequence",
    order="h.expires_at, h.sequence",
)
_ENDED_PAGE = _PAGE.format(
    given="state <> 'pending' AND sequence < $3 ORDER BY sequence DESC",
    received="state <> 'pending' AND sequence < $3 ORDER BY sequence DESC",
    order="h.sequence DESC",
)


@dataclass(frozen=True, slots=True)
class HoldLine:
    """A hold as both of its members see it."""

    id: UUID
    sequence: int
    payer_id: UUID
    payee_id: UUID
    debit_account: UUID
    credit_account: UUID
    asset: str
    amount_minor: int
    expires_at: datetime
    state: HoldState
    taken_minor: int
    opened_at: datetime
    closed_at: datetime | None
    memo: str | None


async def named_holds(
    raw: asyncpg.Connection, union_id: UUID, keys: Collection[HoldKey]
) -> dict[HoldKey, Hold]:
    """Those that exist, by the id of their debit account and their own."""
    rows = await raw.fetch(_NAMED, union_id, [key[0] for key in keys], [key[1] for key in keys])
    return {hold.key: hold for hold in map(_hold_of, rows)}


async def due_holds(
    raw: asyncpg.Connection, union_id: UUID, debit_numbers: Collection[int], moment: datetime
) -> Sequence[Hold]:
    """Pending ones of these accounts whose time has ended, in the order of their ends."""
    return [_hold_of(row) for row in await raw.fetch(_DUE, union_id, list(debit_numbers), moment)]


async def pending_counts(
    raw: asyncpg.Connection, union_id: UUID, accounts: Iterable[Account]
) -> dict[UUID, int]:
    """How many holds are pending on each of these accounts, by its id."""
    asked = list(accounts)
    rows = await raw.fetch(
        _COUNTS, union_id, [account.id for account in asked], [account.number for account in asked]
    )
    return {row["id"]: row["pending_count"] for row in rows}


async def write_holds(
    raw: asyncpg.Connection, union_id: UUID, holds: Collection[Hold], accounts: Mapping[UUID, Account]
) -> None:
    """New ones, and how those that exist have ended."""
    await raw.execute(
        _WRITE,
        union_id,
        [accounts[hold.debit_account].number for hold in holds],
        [hold.id for hold in holds],
        [accounts[hold.credit_account].number for hold in holds],
        [hold.sequence for hold in holds],
        [hold.amount_minor for hold in holds],
        [hold.expires_at for hold in holds],
        [hold.state.value for hold in holds],
        [hold.taken_minor for hold in holds],
        [hold.closed_sequence for hold in holds],
    )


async def pending_page(
    raw: asyncpg.Connection, union_id: UUID, number: int, after: tuple[datetime, int], limit: int
) -> Sequence[HoldLine]:
    """Of the account, given and received: what ends first comes first, behind (expires_at, sequence)."""
    return [
        _line_of(row) for row in await raw.fetch(_PENDING_PAGE, union_id, number, after[0], limit, after[1])
    ]


async def ended_page(
    raw: asyncpg.Connection, union_id: UUID, number: int, before_sequence: int, limit: int
) -> Sequence[HoldLine]:
    """Of the account, given and received: the newest first."""
    return [_line_of(row) for row in await raw.fetch(_ENDED_PAGE, union_id, number, before_sequence, limit)]


def _hold_of(row: Any) -> Hold:
    columns: dict[str, Any] = {**row, "state": HoldState(row["state"])}
    return Hold(**columns)


def _line_of(row: Any) -> HoldLine:
    columns: dict[str, Any] = {**row, "state": HoldState(row["state"])}
    return HoldLine(**columns)
