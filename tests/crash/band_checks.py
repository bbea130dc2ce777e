"""The band of chapter twelve against the databases: what was acknowledged, and that it happened once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from tests.crash.check_kinds import Check, Databases, member_of, row_of, transfers_of

FIRST_GRANT_MINOR, HALVES_EVERY = 400_000_000, 2
FEE_BASIS_POINTS, FEE_MAX_MINOR = 100, 500_000
"""As the story's charter of a band has them."""


async def _enlisted(databases: Databases, act: str, answer: Any) -> object:
    return await databases["identity"].fetchval(
        "SELECT state = 'active' AND by_founder_invitation FROM memberships "
        "WHERE union_id = $1 AND member_id = $2",
        UUID(answer["union_id"]),
        await member_of(databases, act.rsplit("/", 1)[1]),
    )


async def _welcomed(databases: Databases, act: str, answer: Any) -> object:
    """One grant, of the number that was told, halved as often as the charter says."""
    member, union_id = await member_of(databases, act.rsplit("/", 1)[1]), UUID(answer["union_id"])
    granted = await databases["ledger"].fetch(
        "SELECT t.amount_minor, g.number FROM transfers t "
        "JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number) "
        "JOIN joining_grants g ON (g.union_id, g.member_id) = (c.union_id, c.owner_id) "
        "WHERE t.union_id = $1 AND c.id = $2 AND c.owner_id = $3 AND t.code = 2",
        union_id,
        UUID(answer["account_id"]),
        member,
    )
    minor = FIRST_GRANT_MINOR >> ((answer["number"] - 1) // HALVES_EVERY)
    return int(answer["minor"]) == minor and [tuple(row) for row in granted] == [(minor, answer["number"])]


async def _charged(databases: Databases, act: str, answer: Any) -> object:
    """Each fee is the row behind its payment, and what the charter says of it."""
    rows = await databases["ledger"].fetch(
        "SELECT fee.id, fee.amount_minor, paid.amount_minor AS paid_minor FROM transfers fee "
        "JOIN transfers paid ON (paid.union_id, paid.sequence) = (fee.union_id, fee.sequence - 1) "
        "WHERE fee.id = ANY($1) AND fee.code = 17 AND paid.code = 10 "
        "AND fee.debit_number = paid.credit_number",
        [UUID(one) for one in answer["fees"]],
    )
    due = {
        str(row["id"]): str(min(row["paid_minor"] * FEE_BASIS_POINTS // 10_000, FEE_MAX_MINOR))
        for row in rows
    }
    return due == answer["fees"] == {str(row["id"]): str(row["amount_minor"]) for row in rows}


_FREEZES = """
SELECT f.until, f.reason FROM account_freezes f
JOIN accounts a ON (a.union_id, a.number) = (f.union_id, f.account_number)
WHERE a.id = $1 ORDER BY f.number
"""


async def _frozen(databases: Databases, act: str, answer: Any) -> object:
    rows = await databases["ledger"].fetch(_FREEZES, UUID(answer["account_id"]))
    until = datetime.fromisoformat(answer["until"])
    return bool(rows) and tuple(rows[0]) == (until, answer["reason"])


async def _silenced(databases: Databases, act: str, answer: Any) -> object:
    """What the freeze refused has moved nothing, and its id is burnt for that reason."""
    rows = await databases["ledger"].fetch(
        "SELECT id, result FROM refused_transfers WHERE id = ANY($1)",
        [UUID(one["id"]) for one in answer["results"]],
    )
    told = {(one["id"], one.get("first_result") or one["result"]) for one in answer["results"]}
    burnt = {(str(row["id"]), row["result"]) for row in rows}
    return told == burnt and await transfers_of(10)(databases, act, answer)


async def _thawed(databases: Databases, act: str, answer: Any) -> object:
    rows = await databases["ledger"].fetch(_FREEZES, UUID(answer["account_id"]))
    return bool(rows) and tuple(rows[-1]) == (None, None)


async def _allotted(databases: Databases, act: str, answer: Any) -> object:
    """Its row, and its parts as transfers between the accounts that were told; none where it was refused."""
    result = answer.get("first_result") or answer["result"]
    kept = await databases["ledger"].fetchrow(
        "SELECT result, parts_count FROM allotments WHERE id = $1", UUID(answer["id"])
    )
    rows = await databases["ledger"].fetch(
        "SELECT t.id, d.id AS debit, c.id AS credit, t.amount_minor FROM transfers t "
        "JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number) "
        "JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number) "
        "WHERE t.id = ANY($1) AND t.code = 10",
        [UUID(part["transfer_id"]) for part in answer["parts"]],
    )
    moved = {
        (str(row["id"]), str(row["debit"]), str(row["credit"]), str(row["amount_minor"])) for row in rows
    }
    told = {
        (part["transfer_id"], part["debit_account"], part["credit_account"], part["amount"]["minor"])
        for part in answer["parts"]
    }
    first = "posted" if result in {"posted", "exists"} else result
    return kept is not None and tuple(kept) == (first, len(told)) and moved == told


async def _books(databases: Databases, act: str, answer: Any) -> object:
    """Burnt and taken as fees is what was told; the leader's share goes on to vest."""
    row = await databases["ledger"].fetchrow(
        "SELECT coalesce(sum(amount_minor) FILTER (WHERE code = 6), 0) AS burned, "
        "coalesce(sum(amount_minor) FILTER (WHERE code = 17), 0) AS fees, "
        "coalesce(sum(amount_minor) FILTER (WHERE code = 4), 0) AS released "
        "FROM transfers WHERE union_id = $1",
        UUID(answer["union_id"]),
    )
    assert row is not None
    told = {name: int(answer[name]) for name in ("burned", "fees", "released")}
    is_same = (row["burned"], row["fees"]) == (told["burned"], told["fees"])
    return is_same and 0 < told["released"] <= row["released"]


BAND_CHECKS: Mapping[str, Check] = {
    "band": row_of("identity", "SELECT true FROM unions WHERE id = $1"),
    "bandlink": row_of("identity", "SELECT true FROM invitations WHERE id = $1"),
    "enlist": _enlisted,
    "welcome": _welcomed,
    "bought": transfers_of(10),
    "fees": _charged,
    "freeze": _frozen,
    "silenced": _silenced,
    "thaw": _thawed,
    "newphone": transfers_of(10),
    "burn": transfers_of(6),
    "evening": _allotted,
    "toomuch": _allotted,
    "books": _books,
}

_ONCE = (
    (
        "identity",
        "SELECT founder_id, name, count(*) FROM unions GROUP BY founder_id, name HAVING count(*) > 1",
    ),
    (
        "identity",
        "SELECT union_id, count(*) FROM invitations WHERE list_id IS NULL "
        "GROUP BY union_id HAVING count(*) > 1",
    ),
    (
        "identity",
        "SELECT i.union_id, i.id, i.list_id FROM invitations i "
        "LEFT JOIN invitees e ON (e.union_id, e.invitation_id, e.list_id) = (i.union_id, i.id, i.list_id) "
        "WHERE i.list_id IS NOT NULL AND e.line IS NULL",
    ),
    (
        "ledger",
        "SELECT union_id, account_number, count(until) AS frozen, count(*) - count(until) AS thawed "
        "FROM account_freezes GROUP BY union_id, account_number "
        "HAVING count(until) <> 1 OR count(*) <> 2",
    ),
    (
        "ledger",
        "SELECT union_id, count(*) FROM transfers WHERE code = 6 GROUP BY union_id HAVING count(*) > 1",
    ),
    (
        "ledger",
        "SELECT union_id, debit_number, credit_number, amount_minor, count(*) FROM transfers t "
        "WHERE code = 10 AND union_id IN (SELECT union_id FROM account_freezes) "
        "GROUP BY union_id, debit_number, credit_number, amount_minor HAVING count(*) > 1",
    ),
)
"""By database: what shows each that has not exactly one of what it may have one of."""


async def banded_wrongly(databases: Databases) -> list[str]:
    """Unions founded twice, invitations made twice, what a band froze, burnt or paid other than once."""
    return [f"{row}" for database, query in _ONCE for row in await databases[database].fetch(query)]
