"""How PostgreSQL looks up what a posting and a statement need, beside a union that has nearly all rows."""

import json
from typing import Any
from uuid import UUID

import asyncpg
import pytest

from services.ledger.store import books, statements
from tests.services.ledger.house import LedgerHouse, member_id

OTHER = UUID(int=0xBEEF)
NEW = UUID(int=0xFEED)
# Ids that rise like UUIDv7, and a number of rows at which the primary key is as high as the key of ids: the
# planner would take it, had it statistics of unions.
OTHERS_ROWS = 30_000
_OPEN = "INSERT INTO journal_heads (union_id, number, last_sequence, hash) VALUES ($1, 1, 0, '')"
_FILL = """
INSERT INTO transfer_rows (union_number, sequence, entry_number, id, principal_number, debit_number,
                           credit_number, amount_minor, debit_previous, credit_previous, code)
SELECT h.union_number, n, n, lpad(to_hex(n), 32, '0')::uuid, p.number, 1, 2, 1, n - 1, n - 1, 10
FROM generate_series(1, $1::int) AS n, journal_heads h, principals p
WHERE h.union_id = $2 AND (p.union_id, p.id) = ($2, $3)
"""


async def planned(connection: asyncpg.Connection, query: str, *arguments: object) -> list[dict[str, Any]]:
    """The scans of the plan."""
    plan: str | None = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {query}", *arguments)
    assert plan is not None
    scans: list[dict[str, Any]] = []

    def walk(node: dict[str, Any]) -> None:
        if node["Node Type"].endswith("Scan") and "Relation Name" in node:
            scans.append(node)
        for below in node.get("Plans", ()):
            walk(below)

    walk(json.loads(plan)[0]["Plan"])
    return scans


@pytest.fixture
async def crowded(house: LedgerHouse) -> LedgerHouse:
    """A union is new where another one has thirty thousand transfers, and the statistics know it."""
    connection = await asyncpg.connect(house.database.owner_url)
    try:
        await connection.execute(_OPEN, OTHER)
        await connection.execute("INSERT INTO principals (union_id, id) VALUES ($1, $2)", OTHER, member_id(1))
        await connection.execute(_FILL, OTHERS_ROWS, OTHER, member_id(1))
        await connection.execute("ANALYZE")
    finally:
        await connection.close()
    return house


async def test_earlier_answers_are_looked_up_by_their_ids(crowded: LedgerHouse) -> None:
    connection = await asyncpg.connect(crowded.database.owner_url)
    try:
        ids = [UUID(int=number) for number in range(500)]
        principals = [member_id(1)] * len(ids)
        scans = await planned(connection, books._READ, NEW, ids[:8], principals, ids, [], [], principals[:1])  # pyright: ignore[reportPrivateUsage]
    finally:
        await connection.close()
    (scan,) = [scan for scan in scans if scan["Relation Name"] == "transfer_rows"]
    assert "principal_number" in scan["Index Cond"] and "id = asked.id" in scan["Index Cond"], scan


async def test_a_statement_walks_by_sequence(crowded: LedgerHouse) -> None:
    connection = await asyncpg.connect(crowded.database.owner_url)
    try:
        scans = await planned(connection, statements._WALK, NEW, 4, 9, 50)  # pyright: ignore[reportPrivateUsage]
    finally:
        await connection.close()
    walked = [scan for scan in scans if scan["Relation Name"] == "transfer_rows"]
    assert len(walked) == 2
    for scan in walked:
        assert "sequence" in scan["Index Cond"], scan
