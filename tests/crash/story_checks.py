"""What the client saw acknowledged, held against the databases; and that nothing moved twice."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import asyncpg

from tests.crash.band_checks import BAND_CHECKS, banded_wrongly
from tests.crash.bindery_checks import BINDERY_CHECKS
from tests.crash.check_kinds import Check, Databases, member_of, row_of, transfers_of
from tests.crash.circle_checks import CIRCLE_CHECKS
from tests.crash.rules_checks import RULES_CHECKS

_GUILDS = "union_id = (SELECT id FROM unions ORDER BY founded_at LIMIT 1)"
"""Of the story's large union: the bands of the seasons are founded later."""


async def _invited(databases: Databases, act: str, answer: Any) -> object:
    return await databases["identity"].fetchval(f"SELECT count(*) = 1 FROM invitations WHERE {_GUILDS}")


async def _joined(databases: Databases, act: str, answer: Any) -> object:
    member = await member_of(databases, act.split("/")[1])
    return await databases["identity"].fetchval(
        f"SELECT count(*) = 1 FROM memberships WHERE member_id = $1 AND state = 'active' AND {_GUILDS}",
        member,
    )


async def _granted(databases: Databases, act: str, answer: Any) -> object:
    person = act.split("/")[1]
    code = 1 if person == "0" else 2  # the founder's share is of the genesis
    return await databases["ledger"].fetchval(
        "SELECT count(*) = 1 FROM transfers t JOIN accounts c "
        "ON (c.union_id, c.number) = (t.union_id, t.credit_number) "
        "WHERE c.id = $1 AND c.owner_id = $2 AND t.code = $3",
        UUID(answer["account_id"]),
        await member_of(databases, person),
        code,
    )


async def _confirmed(databases: Databases, act: str, answer: Any) -> object:
    member = await member_of(databases, act.split("/")[1])
    return await databases["graph"].fetchval(
        "SELECT count(*) >= $2 FROM backlinks WHERE supporter_id = $1", member, answer["confirmed_count"]
    )


async def _spoke(databases: Databases, act: str, answer: Any) -> object:
    member = await member_of(databases, act.rsplit("/", 1)[1])
    return await databases["graph"].fetchval(
        "SELECT true FROM graph_changes WHERE kind = 3 AND subject_id = $1 AND object_id = $2 AND holds",
        member,
        UUID(answer["leader_id"]),
    )


async def _kept(databases: Databases, act: str, answer: Any) -> object:
    return await databases["market"].fetchval(
        "SELECT count(*) > 0 FROM files WHERE digest = $1", bytes.fromhex(answer["digest"])
    )


async def _opened(databases: Databases, act: str, answer: Any) -> object:
    return await databases["ledger"].fetchval("SELECT count(*) = 1 FROM bridges WHERE state = 'open'")


async def _deposited(databases: Databases, act: str, answer: Any) -> object:
    season = int(act.split("/")[1])
    return await databases["ledger"].fetchval(
        "SELECT count(*) >= $1 FROM deposits WHERE state = 'credited'", season
    )


async def _deposits_left(databases: Databases, act: str, answer: Any) -> object:
    """Each hold is in the state that the story told, at its end and ever after."""
    rows = await databases["ledger"].fetch(
        "SELECT id, state, taken_minor FROM holds WHERE id = ANY($1)", [UUID(one) for one in answer["holds"]]
    )
    kept = {str(row["id"]): {"state": row["state"], "taken": str(row["taken_minor"])} for row in rows}
    return kept == answer["holds"]


async def _club_left(databases: Databases, act: str, answer: Any) -> object:
    """Each mandate is in the state that the story told, with so much of its cap left."""
    rows = await databases["ledger"].fetch(
        "SELECT m.id, u.revoked_at, m.cap_minor - coalesce(u.used_minor, 0) AS left_minor "
        "FROM mandates m LEFT JOIN mandate_uses u "
        "ON (u.union_id, u.debit_number, u.mandate_id) = (m.union_id, m.debit_number, m.id) "
        "WHERE m.id = ANY($1)",
        [UUID(one) for one in answer["mandates"]],
    )
    kept = {
        str(row["id"]): {"state": "active", "left": str(row["left_minor"])}
        if row["revoked_at"] is None
        else {"state": "revoked", "left": "0"}
        for row in rows
    }
    return kept == answer["mandates"]


async def _guarded(databases: Databases, act: str, answer: Any) -> object:
    return await databases["identity"].fetchval(
        "SELECT count(*) = 3 FROM guardians JOIN guardian_sets USING (member_id, version) "
        "WHERE member_id = $1 AND withdrawn_at IS NULL",
        await member_of(databases, f"lost {act.split('/')[1]}"),
    )


async def _vouched(databases: Databases, act: str, answer: Any) -> object:
    return await databases["identity"].fetchval(
        "SELECT count(*) = 1 FROM recovery_votes v JOIN recoveries r ON r.id = v.recovery_id "
        "WHERE v.guardian_id = $1 AND r.member_id = $2 AND v.approves",
        await member_of(databases, act.split("/")[2]),
        await member_of(databases, f"lost {act.split('/')[1]}"),
    )


async def _regained(databases: Databases, act: str, answer: Any) -> object:
    """Both wallets are of the same member, and the lost one signs in no more."""
    season = act.split("/")[1]
    members = [await member_of(databases, f"{what} {season}") for what in ("lost", "found")]
    living = await databases["identity"].fetchval(
        "SELECT count(*) FROM member_keys WHERE member_id = $1 AND removed_at IS NULL", UUID(answer["id"])
    )
    return members == [UUID(answer["id"])] * 2 and living == 1


CHECKS: Mapping[str, Check] = {
    "found/union": row_of("identity", "SELECT true FROM unions WHERE id = $1"),
    "found/invitation": _invited,
    "join": _joined,
    "grant": _granted,
    "follow": row_of("graph", "SELECT true FROM backlink_imports WHERE import_id = $1"),
    "confirm": _confirmed,
    "voice": _spoke,
    "change": _spoke,
    "offer": row_of("market", "SELECT true FROM offers WHERE offer_id = $1"),
    "photo": _kept,
    "file": _kept,
    "bid": row_of("market", "SELECT true FROM bids WHERE bid_id = $1"),
    "agree": row_of("market", "SELECT funded_at IS NOT NULL FROM agreements WHERE agreement_id = $1"),
    "deliver": row_of("market", "SELECT delivered_at IS NOT NULL FROM agreements WHERE agreement_id = $1"),
    "pay": row_of("market", "SELECT state = 'paid' FROM agreements WHERE agreement_id = $1"),
    "refund": row_of("market", "SELECT state = 'refunded' FROM agreements WHERE agreement_id = $1"),
    "project": row_of("funding", "SELECT true FROM projects WHERE project_id = $1"),
    "pledge": row_of("funding", "SELECT state <> 'refused' FROM pledges WHERE pledge_id = $1"),
    "payout": row_of("funding", "SELECT state = 'paid_out' FROM projects WHERE project_id = $1"),
    "bridge": _opened,
    "withdraw": row_of("ledger", "SELECT state = 'final' FROM withdrawals WHERE id = $1"),
    "deposit": _deposited,
    "stipend": transfers_of(10),
    "hold": transfers_of(11),
    "giveback": transfers_of(12, 13),
    "mandate": row_of("ledger", "SELECT true FROM mandates WHERE id = $1"),
    "month": transfers_of(15),
    "revoke": row_of("ledger", "SELECT revoked_at IS NOT NULL FROM mandate_uses WHERE mandate_id = $1"),
    "again": transfers_of(15),
    "standing": row_of("ledger", "SELECT true FROM schedules WHERE id = $1"),
    "moveout": row_of(
        "ledger", "SELECT stopped_at IS NOT NULL FROM schedule_progress WHERE schedule_id = $1"
    ),
    "deposits": _deposits_left,
    "club": _club_left,
    **BAND_CHECKS,
    "guardians": _guarded,
    "recovery": row_of("identity", "SELECT true FROM recoveries WHERE id = $1"),
    "vouch": _vouched,
    "regained": _regained,
    **RULES_CHECKS,
    **CIRCLE_CHECKS,
    **BINDERY_CHECKS,
    "missed": row_of("funding", "SELECT state = 'refunded' FROM projects WHERE project_id = $1"),
}


async def lost(databases: Databases, answers: Mapping[str, Any]) -> list[str]:
    """Acts that were acknowledged and whose effect is not in the databases."""
    missing: list[str] = []
    for act, answer in answers.items():
        if "refused" in answer:
            continue
        check = CHECKS.get(act) or CHECKS[act.split("/")[0]]
        if not await check(databases, act, answer):
            missing.append(f"{act}: {answer}")
    return missing


_ESCROWS = """
SELECT a.resource, count(*) FILTER (WHERE t.code = 20) AS funded, count(*) FILTER (WHERE t.code = 21) AS paid,
       count(*) FILTER (WHERE t.code = 22) AS refunded, count(*) FILTER (WHERE t.code = 32) AS paid_out,
       sum(t.amount_minor) FILTER (WHERE t.code = 30) AS pledged_minor,
       sum(t.amount_minor) FILTER (WHERE t.code = 31) AS returned_minor,
       sum(t.amount_minor) FILTER (WHERE t.code = 32) AS paid_out_minor
FROM accounts a JOIN transfers t ON t.union_id = a.union_id AND a.number IN (t.debit_number, t.credit_number)
WHERE a.kind = 'escrow' GROUP BY a.resource ORDER BY a.resource
"""


_HOLDS = """
SELECT h.id, h.state, h.amount_minor, h.taken_minor, count(t.sequence) AS ends,
       coalesce(sum(t.amount_minor) FILTER (WHERE t.code = 12), 0) AS posted_minor
FROM holds h
LEFT JOIN transfer_particulars p ON (p.union_id, p.pending_id) = (h.union_id, h.id)
LEFT JOIN transfers t ON (t.union_id, t.sequence) = (p.union_id, p.sequence)
GROUP BY h.union_id, h.debit_number, h.id
"""
_USES = """
SELECT u.mandate_id, u.used_minor, coalesce(sum(t.amount_minor), 0) AS taken_minor, m.cap_minor
FROM mandates m
JOIN mandate_uses u ON (u.union_id, u.debit_number, u.mandate_id) = (m.union_id, m.debit_number, m.id)
LEFT JOIN transfer_particulars p ON (p.union_id, p.mandate_id) = (m.union_id, m.id)
LEFT JOIN transfers t ON (t.union_id, t.sequence) = (p.union_id, p.sequence)
GROUP BY u.mandate_id, u.used_minor, m.cap_minor
"""


async def _held_or_taken_wrongly(ledger: asyncpg.Connection) -> list[str]:
    """Holds not ended exactly once, amounts reserved that no hold reserves, mandates not used as counted."""
    holds = await ledger.fetch(_HOLDS)
    wrong = [
        f"{row}"
        for row in holds
        if row["ends"] != (0 if row["state"] == "pending" else 1) or row["taken_minor"] != row["posted_minor"]
    ]
    pending_minor = sum(row["amount_minor"] for row in holds if row["state"] == "pending")
    reserved = await ledger.fetchrow("SELECT sum(reserved_minor), sum(expected_minor) FROM account_balances")
    if reserved is None or {int(side or 0) for side in reserved} != {pending_minor}:
        wrong.append(f"{reserved} where {pending_minor} is pending")
    used = await ledger.fetch(_USES)
    return wrong + [
        f"{row}" for row in used if not row["used_minor"] == row["taken_minor"] <= row["cap_minor"]
    ]


_MEMBERS_TO_GRANT = """
SELECT count(*) FROM memberships m JOIN charters c ON (c.union_id, c.version) = (m.union_id, 1)
WHERE m.role <> 'founder' AND (c.document #>> '{parameters,joining_grant_minor}')::numeric > 0
"""
"""The story never amends a joining grant: that of the founding is each member's."""


async def moved_wrongly(databases: Databases) -> list[str]:
    """Agreements not paid or refunded exactly once, projects not settled once, members not granted once."""
    wrong = await _held_or_taken_wrongly(databases["ledger"]) + await banded_wrongly(databases)
    for row in await databases["ledger"].fetch(_ESCROWS):
        if row["resource"].startswith("agreements/"):
            if row["funded"] != 1 or row["paid"] + row["refunded"] != 1:
                wrong.append(f"{row}")
        elif (row["paid_out"], row["paid_out_minor"], row["returned_minor"]) not in (
            (1, row["pledged_minor"], None),
            (0, None, row["pledged_minor"]),
        ):
            wrong.append(f"{row}")
    twice = await databases["ledger"].fetch(
        "SELECT c.union_id, c.owner_id, count(*) FROM transfers t JOIN accounts c "
        "ON (c.union_id, c.number) = (t.union_id, t.credit_number) WHERE t.code = 2 "
        "GROUP BY c.union_id, c.owner_id HAVING count(*) > 1"
    )
    wrong += [f"{row}" for row in twice]
    members = await databases["identity"].fetchval(_MEMBERS_TO_GRANT)
    granted = await databases["ledger"].fetchval("SELECT count(*) FROM transfers WHERE code = 2")
    if granted != members:
        wrong.append(f"{granted} grants for {members} members who joined")
    for service, query in (
        ("market", "SELECT state, count(*) FROM agreements GROUP BY state"),
        ("funding", "SELECT state, count(*) FROM projects GROUP BY state"),
    ):
        states = {row["state"] for row in await databases[service].fetch(query)}
        if states - {"paid", "refunded", "paid_out"}:
            wrong.append(f"{service} has states {sorted(states)} after the end")
    return wrong
