"""Assets and what is held of them."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.money import Asset
from services.ledger.domain.accounts import AccountKind

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool

_ISSUE = "INSERT INTO assets (union_id, symbol, scale, supply_minor, issued_at) VALUES ($1, $2, $3, $4, $5)"
_FIND = "SELECT symbol, scale FROM assets WHERE union_id = $1"
_GENESIS = "SELECT supply_minor FROM assets WHERE union_id = $1 AND symbol = $2"
_LIMIT = "INSERT INTO supply_limits (union_id, limit_minor, set_at) VALUES ($1, $2, $3)"
_FIND_LIMIT = "SELECT limit_minor FROM supply_limits WHERE union_id = $1"
_TOTALS = """
SELECT a.kind, coalesce(sum(b.balance_minor), 0)::bigint AS held_minor
FROM accounts a JOIN account_balances b ON b.union_id = a.union_id AND b.number = a.number
WHERE a.union_id = $1 AND a.asset = $2 GROUP BY a.kind
"""


async def issue_asset(
    raw: asyncpg.Connection, union_id: UUID, asset: Asset, supply_minor: int, now: datetime
) -> None:
    await raw.execute(_ISSUE, union_id, asset.symbol, asset.scale, supply_minor, now)


async def find_asset(raw: asyncpg.Connection, union_id: UUID) -> Asset | None:
    """The union's asset; each union has one so far."""
    row = await raw.fetchrow(_FIND, union_id)
    return None if row is None else Asset(row["symbol"], row["scale"])


async def genesis_supply(raw: asyncpg.Connection | ReadPool, union_id: UUID, symbol: str) -> int:
    """What the genesis issued, in minor units."""
    return await raw.fetchval(_GENESIS, union_id, symbol) or 0


async def limit_supply(raw: asyncpg.Connection, union_id: UUID, limit_minor: int, now: datetime) -> None:
    """No more than this may be out from now on: a vault outside has so many tokens."""
    await raw.execute(_LIMIT, union_id, limit_minor, now)


async def supply_limit(raw: asyncpg.Connection | ReadPool, union_id: UUID) -> int | None:
    """In minor units; None where only the bounds of all supplies hold."""
    return await raw.fetchval(_FIND_LIMIT, union_id)


async def held_by_kind(raw: asyncpg.Connection, union_id: UUID, symbol: str) -> Mapping[AccountKind, int]:
    """The sum of the balances of each kind of account, in one statement: they sum to zero."""
    rows = await raw.fetch(_TOTALS, union_id, symbol)
    return {AccountKind(row["kind"]): row["held_minor"] for row in rows}
