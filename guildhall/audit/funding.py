"""Funding's promises, held against the ledger's postings."""

from __future__ import annotations

from collections import defaultdict
from typing import Any
from uuid import UUID

import asyncpg

from guildhall.audit.promises import Checked, House, Promise, none_of

PLEDGE, REFUND, PAYOUT = 30, 31, 32

_MOVES = """
SELECT t.union_id, a.resource, t.code, t.amount_minor, d.owner_id AS debited, c.owner_id AS credited
FROM transfers t
JOIN accounts d ON (d.union_id, d.number) = (t.union_id, t.debit_number)
JOIN accounts c ON (c.union_id, c.number) = (t.union_id, t.credit_number)
CROSS JOIN LATERAL (VALUES (d.kind, d.resource), (c.kind, c.resource)) AS a (kind, resource)
WHERE a.kind = 'escrow' AND a.resource LIKE 'projects/%' ORDER BY t.union_id, t.sequence
"""


async def all_or_nothing(house: House) -> Checked:
    """All-or-nothing means all or refunded: to the owner the whole sum, or to each backer their own."""
    projects = await house.rows("funding", "SELECT * FROM projects")
    pledges: dict[tuple[UUID, UUID], list[asyncpg.Record]] = defaultdict(list)
    for row in await house.rows("funding", "SELECT * FROM pledges"):
        pledges[row["union_id"], row["project_id"]].append(row)
    moves: dict[tuple[UUID, str], list[asyncpg.Record]] = defaultdict(list)
    for row in await house.rows("ledger", _MOVES):
        moves[row["union_id"], row["resource"]].append(row)
    checked = Checked({"projects": len(projects), "pledges": sum(len(of) for of in pledges.values())})
    for project in projects:
        own = moves.pop((project["union_id"], f"projects/{project['project_id']}"), [])
        for wrong in _faults(project, pledges[project["union_id"], project["project_id"]], own):
            checked.wrong("funding", f"{_named(project)} version={project['version']}", wrong)
    for union_id, resource in moves:
        checked.wrong("ledger", f"union_id={union_id} resource={resource}", "an escrow without a project")
    return checked


def _faults(project: Any, pledges: list[asyncpg.Record], moves: list[asyncpg.Record]) -> list[str]:
    state = project["state"]
    came, back = _by_member(moves, PLEDGE, "debited"), _by_member(moves, REFUND, "credited")
    out = [row for row in moves if row["code"] == PAYOUT]
    paid_minor = sum(row["amount_minor"] for row in out)
    faults: list[str] = []
    if out and (len(out) > 1 or out[0]["credited"] != project["owner_id"]):
        faults.append("paid out more than once, or to another than its owner")
    for backer, minor in back.items():
        if minor > came.get(backer, 0):
            faults.append(f"backer {backer} got back more than they pledged")
    balance = sum(came.values()) - sum(back.values()) - paid_minor
    if state == "paid_out" and (balance or any(p["state"] in {"refunded", "held"} for p in pledges)):
        faults.append(f"paid out with {balance} minor units left or a pledge not paid out")
    if state == "refunded" and (balance or out or any(p["state"] in {"paid_out", "held"} for p in pledges)):
        faults.append(f"refunded with {balance} minor units left or a pledge not refunded")
    if out and any(p["state"] == "refunded" for p in pledges):
        faults.append("a pledge of a paid-out project is refunded")
    if state in {"paid_out", "refunded"}:
        settled = paid_minor if out else sum(back.values()) - _withdrawn(pledges)
        if settled != project["settled_minor"]:
            faults.append(f"settled for {project['settled_minor']} minor units, {settled} were moved")
    if state in {"open", "reached", "paid_out"} and project["unanswered_count"] == 0:
        faults += _stake_faults(pledges, came, back)
    return faults


def _withdrawn(pledges: list[asyncpg.Record]) -> int:
    return sum(pledge["pledged_minor"] for pledge in pledges if pledge["state"] == "withdrawn")


def _stake_faults(pledges: list[asyncpg.Record], came: dict[UUID, int], back: dict[UUID, int]) -> list[str]:
    """Per backer, what went into escrow and stayed is what their pledges say."""
    stakes: dict[UUID, int] = defaultdict(int)
    for pledge in pledges:
        stakes[pledge["backer_id"]] += pledge["pledged_minor"] * (pledge["state"] in {"held", "paid_out"})
    return [
        f"backer {backer} has {came.get(backer, 0) - back.get(backer, 0)} minor units in it, "
        f"{stakes.get(backer, 0)} by their pledges"
        for backer in sorted(stakes.keys() | came.keys())
        if stakes.get(backer, 0) != came.get(backer, 0) - back.get(backer, 0)
    ]


def _by_member(moves: list[asyncpg.Record], code: int, side: str) -> dict[UUID, int]:
    summed: dict[UUID, int] = defaultdict(int)
    for row in moves:
        if row["code"] == code:
            summed[row[side]] += row["amount_minor"]
    return summed


async def counts(house: House) -> Checked:
    """A project's sums are those of its pledges."""
    checked = Checked()
    checked.numbers["projects"] = await house.number("funding", "SELECT count(*) FROM projects")
    await none_of(
        house,
        checked,
        "funding",
        """
        SELECT p.union_id, p.project_id, p.version, p.held_count, p.pledged_minor, p.unanswered_count
        FROM projects p
        LEFT JOIN LATERAL (
            SELECT count(*) FILTER (WHERE state = 'held') AS held,
                   coalesce(sum(pledged_minor) FILTER (WHERE state = 'held'), 0) AS minor,
                   count(*) FILTER (WHERE state IN ('waiting', 'withdrawing')) AS unanswered
            FROM pledges g WHERE (g.union_id, g.project_id) = (p.union_id, p.project_id)) s ON true
        WHERE p.unanswered_count <> s.unanswered
           OR (p.state IN ('open', 'reached', 'paying', 'refunding')
               AND (p.held_count, p.pledged_minor) <> (s.held, s.minor))
        """,
        "its counts ({held_count}, {pledged_minor}, {unanswered_count}) are not those of its pledges",
    )
    return checked


async def by_target_alone(house: House) -> Checked:
    """Nobody approves their own payout: what was paid out had reached its target."""
    checked = Checked()
    checked.numbers["paid out"] = await house.number(
        "funding", "SELECT count(*) FROM projects WHERE state = 'paid_out'"
    )
    await none_of(
        house,
        checked,
        "funding",
        """
        SELECT union_id, project_id, target_minor, settled_minor FROM projects
        WHERE state = 'paid_out' AND coalesce(settled_minor, 0) < target_minor
        """,
        "{settled_minor} minor units were paid out, its target is {target_minor}",
    )
    return checked


async def no_freeze(house: House) -> Checked:
    """No pledge is stuck: an open project has its deadline's timer, what waits for the ledger an intent."""
    checked = Checked()
    checked.numbers["open"] = await house.number(
        "funding", "SELECT count(*) FROM projects WHERE state = 'open'"
    )
    await none_of(
        house,
        checked,
        "funding",
        """
        SELECT p.union_id, p.project_id, p.deadline_at FROM projects p
        WHERE p.state = 'open' AND p.deadline_at > $1 AND NOT EXISTS (
            SELECT FROM timers t
            WHERE (t.kind, t.key, t.due)
                = ('project.deadline', p.union_id || ':' || p.project_id, p.deadline_at))
        """,
        "an open project has no timer that would decide it",
        house.now,
    )
    settling = await house.rows(
        "funding", "SELECT * FROM projects WHERE state IN ('reached', 'paying', 'refunding')"
    )
    checked.numbers["settling"] = len(settling)
    ahead = {
        ":".join(row["key"].split(":")[:2])
        for row in await house.rows(
            "funding",
            "SELECT key FROM intents WHERE state = 'waiting' AND kind LIKE 'project.%' "
            "UNION SELECT key FROM timers WHERE kind <> 'project.deadline'",
        )
    }
    running = {
        (row["union_id"], row["id"])
        for row in await house.rows(
            "ledger", "SELECT union_id, id FROM runs WHERE state IN ('collecting', 'posting')"
        )
    }
    for project in settling:
        waits_for_pledges = project["state"] == "reached" and project["unanswered_count"] > 0
        key = f"{project['union_id']}:{project['project_id']}"
        if not waits_for_pledges and key not in ahead and _run_of(project) not in running:
            checked.wrong("funding", f"{_named(project)} version={project['version']}", "waits for nothing")
    await none_of(
        house,
        checked,
        "funding",
        """
        SELECT p.union_id, p.pledge_id, p.state FROM pledges p
        WHERE p.state IN ('waiting', 'withdrawing') AND NOT EXISTS (
            SELECT FROM intents i WHERE i.state = 'waiting' AND i.payload ->> 'pledge_id' = p.pledge_id::text)
        """,
        "a pledge waits for no intent",
    )
    return checked


def _run_of(project: Any) -> tuple[UUID, UUID | None]:
    return project["union_id"], project["run_id"]


def _named(project: Any) -> str:
    return f"union_id={project['union_id']} project_id={project['project_id']}"


PROMISES = (
    Promise("funding", "funding.all-or-nothing", "all-or-nothing means all or refunded", all_or_nothing),
    Promise("funding", "funding.counts", "a project's sums are those of its pledges", counts),
    Promise("funding", "funding.no-freeze", "no pledge is stuck", no_freeze),
    Promise("funding", "funding.by-target", "nobody approves their own payout", by_target_alone),
)
