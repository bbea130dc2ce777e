"""Accounts and their balances as rows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.pending import NOTHING_PENDING, Pending

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool

_OPEN = """
WITH opened AS (
    INSERT INTO accounts (union_id, id, kind, asset, owner_id, payees, opened_at)
    SELECT $1, id, kind, $5, owner_id, '{}', $6
    FROM unnest($2::uuid[], $3::text[], $4::uuid[]) AS account (id, kind, owner_id)
    ON CONFLICT (union_id, id) DO NOTHING
    RETURNING number, kind
)
INSERT INTO account_balances (union_id, number, balance_minor, last_sequence, may_be_negative)
SELECT $1, number, 0, 0, kind = 'issuance' FROM opened
"""
_SHUT = """
UPDATE account_balances SET shut_at = $3
WHERE union_id = $1 AND shut_at IS NULL
  AND number = (SELECT number FROM accounts WHERE union_id = $1 AND id = $2)
"""
_OPEN_ESCROW = """
WITH opened AS (
    INSERT INTO accounts (union_id, id, kind, asset, opened_by, resource, payees, exit_to, opened_at)
    VALUES ($1, $2, 'escrow', $3, $4, $5, $6::uuid[], $7, $8)
    ON CONFLICT DO NOTHING
    RETURNING number
)
INSERT INTO account_balances (union_id, number, balance_minor, last_sequence, may_be_negative)
SELECT $1, number, 0, 0, false FROM opened
"""
_LOAD = """
SELECT a.id, a.number, a.kind, a.asset, a.owner_id, a.opened_by, a.resource, a.payees, a.exit_to,
       b.balance_minor, b.last_sequence, b.reserved_minor, b.expected_minor, b.frozen_until,
       b.closed_sequence, b.shut_at
FROM accounts a JOIN account_balances b ON b.union_id = a.union_id AND b.number = a.number
WHERE a.union_id = $1 AND a.id = ANY($2::uuid[])
"""
_HOT = """
SELECT a.union_id, a.id, a.number, a.kind, a.asset, a.owner_id, a.opened_by, a.resource,
       b.balance_minor, b.last_sequence, b.reserved_minor, b.expected_minor, b.frozen_until,
       b.closed_sequence, b.shut_at, s.scale
FROM accounts a
JOIN account_balances b ON b.union_id = a.union_id AND b.number = a.number
JOIN assets s ON s.union_id = a.union_id AND s.symbol = a.asset
WHERE a.union_id = {union} AND a.id = $2
"""
_DUE = """
SELECT asked.number,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM holds
        WHERE union_id = $1 AND debit_number = asked.number AND state = 'pending' AND expires_at <= $3
       ) AS reserved,
       (SELECT coalesce(sum(amount_minor), 0)::bigint FROM holds
        WHERE union_id = $1 AND credit_number = asked.number AND state = 'pending' AND expires_at <= $3
       ) AS expected
FROM unnest($2::bigint[]) AS asked (number)
"""
_HOT_BY_ID = _HOT.format(union="$1")
_HOT_BY_SLUG = _HOT.format(union="(SELECT union_id FROM unions WHERE slug = $1)")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """An account of the union itself, of a member or of a business, to be opened."""

    id: UUID
    kind: AccountKind
    owner_id: UUID | None = None


async def open_accounts(
    raw: asyncpg.Connection, union_id: UUID, asset: str, new: Sequence[NewAccount], now: datetime
) -> None:
    """Open what does not exist yet, with a balance of zero."""
    await raw.execute(
        _OPEN,
        union_id,
        [account.id for account in new],
        [account.kind.value for account in new],
        [account.owner_id for account in new],
        asset,
        now,
    )


async def shut_account(raw: asyncpg.Connection, union_id: UUID, account_id: UUID, at: datetime) -> None:
    """Nothing is credited to it from now on; again, it changes nothing. Under the journal's lock."""
    await raw.execute(_SHUT, union_id, account_id, at)


async def open_escrow(raw: asyncpg.Connection, union_id: UUID, escrow: Account, now: datetime) -> None:
    """Open the escrow unless its id or its resource has one; `number` and balance are not looked at."""
    await raw.execute(
        _OPEN_ESCROW,
        union_id,
        escrow.id,
        escrow.asset,
        escrow.opened_by,
        escrow.resource,
        sorted(escrow.payees),
        escrow.exit_to,
        now,
    )


async def load_accounts(
    raw: asyncpg.Connection, union_id: UUID, account_ids: Iterable[UUID]
) -> dict[UUID, Account]:
    """The accounts that exist, with their balances as of this statement."""
    rows = await raw.fetch(_LOAD, union_id, list(account_ids))
    return {row["id"]: account_of(row) for row in rows}


async def without_due_holds(
    raw: asyncpg.Connection, union_id: UUID, accounts: Mapping[UUID, Account], now: datetime
) -> dict[UUID, Account]:
    """The accounts with what is pending but for holds whose time has ended, posted as ended or not yet."""
    numbers = [one.number for one in accounts.values() if one.pending != NOTHING_PENDING]
    rows = await raw.fetch(_DUE, union_id, numbers, now) if numbers else []
    due = {row["number"]: row for row in rows}
    return {
        account_id: replace(one, pending=_less(one.pending, due[one.number])) if one.number in due else one
        for account_id, one in accounts.items()
    }


def _less(pending: Pending, due: Any) -> Pending:
    return Pending(pending.reserved_minor - due["reserved"], pending.expected_minor - due["expected"])


def account_of(row: Any) -> Account:
    return Account(
        id=row["id"],
        number=row["number"],
        kind=AccountKind(row["kind"]),
        asset=row["asset"],
        balance_minor=row["balance_minor"],
        last_sequence=row["last_sequence"],
        owner_id=row["owner_id"],
        opened_by=row["opened_by"],
        resource=row["resource"],
        payees=frozenset(row["payees"]),
        exit_to=row["exit_to"],
        pending=Pending(row["reserved_minor"], row["expected_minor"]),
        frozen_until=row["frozen_until"],
        closed_sequence=row["closed_sequence"],
        is_shut=row["shut_at"] is not None,
    )


@dataclass(frozen=True, slots=True)
class AccountLook:
    """An account as it is shown."""

    union_id: UUID
    id: UUID
    number: int
    kind: AccountKind
    asset: str
    scale: int
    balance_minor: int
    pending: Pending
    last_sequence: int
    owner_id: UUID | None
    opened_by: UUID | None
    resource: str | None
    frozen_until: datetime | None
    closed: bool

    def is_frozen_at(self, moment: datetime) -> bool:
        return self.frozen_until is not None and moment < self.frozen_until


async def look_at_account(
    pool: ReadPool, union: UUID | str, account_id: UUID, now: datetime
) -> AccountLook | None:
    """One account by the union's id or slug, in one statement: the ledger's hottest read.

    Holds whose time has ended are not counted, whether they are posted as ended or not yet.
    """
    query = _HOT_BY_ID if isinstance(union, UUID) else _HOT_BY_SLUG
    row = await pool.fetchrow(query, union, account_id)
    if row is None:
        return None
    pending = Pending(row["reserved_minor"], row["expected_minor"])
    if pending != NOTHING_PENDING:
        due = await pool.fetchrow(_DUE, row["union_id"], [row["number"]], now)
        assert due is not None
        pending = _less(pending, due)
    return AccountLook(
        union_id=row["union_id"],
        id=row["id"],
        number=row["number"],
        kind=AccountKind(row["kind"]),
        asset=row["asset"],
        scale=row["scale"],
        balance_minor=row["balance_minor"],
        pending=pending,
        last_sequence=row["last_sequence"],
        owner_id=row["owner_id"],
        opened_by=row["opened_by"],
        resource=row["resource"],
        frozen_until=row["frozen_until"],
        closed=bool(row["closed_sequence"]) or row["shut_at"] is not None,
    )
