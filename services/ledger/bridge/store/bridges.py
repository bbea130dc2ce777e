"""Bridges and the blocks that were read, as rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from uuid import UUID

from services.ledger.bridge.domain.blocks import Block
from services.ledger.bridge.domain.states import BridgeState

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool

_COLUMNS = "union_id, chain_id, state, vault, token, requested_by, requested_at, opened_at, indexed_number"


@dataclass(frozen=True, slots=True)
class Bridge:
    """A union's bridge. `vault` and `token` are EIP-55 addresses, known once it is open."""

    union_id: UUID
    chain_id: int
    state: BridgeState
    vault: str | None
    token: str | None
    requested_by: UUID
    requested_at: datetime
    opened_at: datetime | None
    indexed_number: int


async def request_bridge(
    raw: asyncpg.Connection, union_id: UUID, chain_id: int, member_id: UUID, now: datetime
) -> bool:
    """Write down that it is to be opened; False where it is already."""
    status = await raw.execute(
        "INSERT INTO bridges (union_id, chain_id, state, requested_by, requested_at, indexed_number) "
        "VALUES ($1, $2, 'opening', $3, $4, 0) ON CONFLICT (union_id) DO NOTHING",
        union_id,
        chain_id,
        member_id,
        now,
    )
    return status == "INSERT 0 1"


async def find_bridge(raw: asyncpg.Connection, union_id: UUID) -> Bridge | None:
    row = await raw.fetchrow(f"SELECT {_COLUMNS} FROM bridges WHERE union_id = $1", union_id)  # noqa: S608
    return None if row is None else _bridge(row)


async def open_bridges(raw: asyncpg.Connection, chain_id: int, limit: int) -> Sequence[Bridge]:
    """Those with a vault to read, the furthest behind first."""
    rows = await raw.fetch(
        f"SELECT {_COLUMNS} FROM bridges WHERE state = 'open' AND chain_id = $1 "  # noqa: S608
        "ORDER BY indexed_number, union_id LIMIT $2",
        chain_id,
        limit,
    )
    return [_bridge(row) for row in rows]


async def is_bridged(raw: asyncpg.Connection | ReadPool) -> bool:
    """Whether any union of this deployment has a bridge, open or not."""
    return bool(await raw.fetchval("SELECT EXISTS (SELECT FROM bridges)"))


async def note_contracts(
    raw: asyncpg.Connection, union_id: UUID, vault: str, token: str, block_number: int, now: datetime
) -> None:
    """The bridge is open: its vault is read from the block that made it."""
    await raw.execute(
        "UPDATE bridges SET state = 'open', vault = $2, token = $3, indexed_number = $4, opened_at = $5 "
        "WHERE union_id = $1 AND state = 'opening'",
        union_id,
        vault,
        token,
        block_number,
        now,
    )


async def note_indexed(raw: asyncpg.Connection, union_id: UUID, before: int, number: int) -> bool:
    """The vault was read through this block; False where another process has moved it meanwhile."""
    status = await raw.execute(
        "UPDATE bridges SET indexed_number = $3 WHERE union_id = $1 AND indexed_number = $2",
        union_id,
        before,
        number,
    )
    return status == "UPDATE 1"


async def kept_blocks(raw: asyncpg.Connection, chain_id: int) -> Sequence[Block]:
    """The newest last."""
    rows = await raw.fetch(
        "SELECT number, hash FROM chain_blocks WHERE chain_id = $1 ORDER BY number", chain_id
    )
    return [Block(row["number"], row["hash"]) for row in rows]


async def keep_block(raw: asyncpg.Connection, chain_id: int, block: Block, kept_max: int) -> None:
    """Remember that the chain was read through this block; only so many are kept."""
    await raw.execute(
        "INSERT INTO chain_blocks (chain_id, number, hash) VALUES ($1, $2, $3) "
        "ON CONFLICT (chain_id, number) DO UPDATE SET hash = excluded.hash",
        chain_id,
        block.number,
        block.hash,
    )
    await raw.execute(
        "DELETE FROM chain_blocks WHERE chain_id = $1 AND number <= ("
        "SELECT number FROM chain_blocks WHERE chain_id = $1 ORDER BY number DESC OFFSET $2 LIMIT 1)",
        chain_id,
        kept_max,
    )


async def rewind(raw: asyncpg.Connection, chain_id: int, number: int) -> None:
    """Back to this block: what came after it is read again, and its deposits have to be seen again."""
    await raw.execute("DELETE FROM chain_blocks WHERE chain_id = $1 AND number > $2", chain_id, number)
    await raw.execute(
        "UPDATE deposits d SET block_hash = NULL FROM bridges b "
        "WHERE b.union_id = d.union_id AND b.chain_id = $1 AND d.block_number > $2",
        chain_id,
        number,
    )
    await raw.execute(
        "UPDATE bridges SET indexed_number = $2 WHERE chain_id = $1 AND indexed_number > $2",
        chain_id,
        number,
    )


def _bridge(row: Any) -> Bridge:
    return Bridge(
        union_id=row["union_id"],
        chain_id=row["chain_id"],
        state=BridgeState(row["state"]),
        vault=row["vault"],
        token=row["token"],
        requested_by=row["requested_by"],
        requested_at=row["requested_at"],
        opened_at=row["opened_at"],
        indexed_number=row["indexed_number"],
    )
