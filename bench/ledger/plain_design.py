"""The plain design: a transaction for each transfer, of Python on PostgreSQL, without HTTP.

`python -m bench.ledger.plain_design URL SPREAD SECONDS` writes transfers a second as JSON.
"""

from __future__ import annotations

import asyncio
import json
import random
import sys
import time
from dataclasses import dataclass
from uuid import UUID

import asyncpg
import uuid_utils

from bench.ledger.sending import Spread

CLIENTS = 64
CONNECTIONS = 8
ACCOUNTS = 1_000
PURSE_MINOR = 100_000_000
WARM_SECONDS = 0.5
_TABLES = f"""
CREATE TABLE IF NOT EXISTS balances (
    number bigint PRIMARY KEY, asset text NOT NULL,
    balance_minor bigint NOT NULL CHECK (balance_minor >= 0)
) WITH (fillfactor = 70);
CREATE TABLE IF NOT EXISTS transfers (
    sequence bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, id uuid NOT NULL UNIQUE,
    debit_number bigint NOT NULL, credit_number bigint NOT NULL,
    amount_minor bigint NOT NULL CHECK (amount_minor > 0)
);
INSERT INTO balances SELECT number, 'GLD', {PURSE_MINOR} FROM generate_series(1, {ACCOUNTS}) AS number
ON CONFLICT DO NOTHING;
"""
_LOCK = "SELECT number, asset, balance_minor FROM balances WHERE number = ANY($1) ORDER BY number FOR UPDATE"
_INSERT = "INSERT INTO transfers (id, debit_number, credit_number, amount_minor) VALUES ($1, $2, $3, $4)"
_UPDATE = """
UPDATE balances SET balance_minor = balance_minor + CASE number WHEN $1 THEN -$3::bigint ELSE $3 END
WHERE number IN ($1, $2)
"""


class Refused(Exception):
    """A rule of the ledger does not allow the transfer."""


@dataclass(frozen=True, slots=True)
class Transfer:
    id: UUID
    debit: int
    credit: int
    amount_minor: int


async def post(pool: asyncpg.Pool, transfer: Transfer) -> None:
    """One transaction. Raises Refused."""
    if transfer.debit == transfer.credit or transfer.amount_minor <= 0:
        raise Refused("accounts_must_differ" if transfer.amount_minor > 0 else "amount_must_be_positive")
    async with pool.acquire() as connection, connection.transaction():
        locked = await connection.fetch(_LOCK, [transfer.debit, transfer.credit])
        rows = {row["number"]: row for row in locked}
        if len(rows) < 2:
            raise Refused("account_not_found")
        if rows[transfer.debit]["asset"] != rows[transfer.credit]["asset"]:
            raise Refused("assets_must_be_the_same")
        if rows[transfer.debit]["balance_minor"] < transfer.amount_minor:
            raise Refused("exceeds_balance")
        await connection.execute(_INSERT, transfer.id, transfer.debit, transfer.credit, transfer.amount_minor)
        await connection.execute(_UPDATE, transfer.debit, transfer.credit, transfer.amount_minor)


async def prepare(pool: asyncpg.Pool) -> None:
    """The tables with their accounts, each with money; repeating it changes nothing."""
    await pool.execute(_TABLES)


async def posted_per_second(url: str, spread: Spread, seconds: float) -> float:
    """Of as many clients as ours has, over a pool of connections; the first half second does not count."""
    async with asyncpg.create_pool(url, min_size=CONNECTIONS, max_size=CONNECTIONS) as pool:
        await prepare(pool)
        began = time.perf_counter() + WARM_SECONDS
        counts = await asyncio.gather(
            *(_keep_posting(pool, spread, random.Random(client), began, seconds) for client in range(CLIENTS))
        )
    return sum(counts) / seconds


async def _keep_posting(
    pool: asyncpg.Pool, spread: Spread, chance: random.Random, began: float, seconds: float
) -> int:
    posted = 0
    while (now := time.perf_counter()) < began + seconds:
        debit = chance.randrange(1, ACCOUNTS)
        credit = ACCOUNTS if spread is Spread.TO_ONE else debit % ACCOUNTS + 1
        await post(pool, Transfer(UUID(str(uuid_utils.uuid7())), debit, credit, 1))
        posted += now >= began
    return posted


def main() -> None:
    url, spread, seconds = sys.argv[1], Spread(sys.argv[2]), float(sys.argv[3])
    work = posted_per_second(url, spread, seconds)
    try:
        import uvloop
    except ImportError:
        result = asyncio.run(work)
    else:
        result = uvloop.run(work)
    json.dump(result, sys.stdout)


if __name__ == "__main__":
    main()
