"""The graph's promises: state is its history replayed, counts are brute force, standing is recomputed."""

from __future__ import annotations

from collections import defaultdict
from uuid import UUID

import asyncpg

from guildhall.audit.promises import Checked, House, Promise, none_of
from services.graph.domain.voice_forest import VoiceForest

MEMBERSHIP, BACKLINK, VOICE = 1, 2, 3
STANDING_TOLERANCE = 1e-6
ITERATIONS_MAX = 500


async def history(house: House) -> Checked:
    """No history is overwritten: versions have no gap, and what holds now is the change table replayed."""
    checked = Checked()
    checked.numbers["changes"] = await house.number("graph", "SELECT count(*) FROM graph_changes")
    await none_of(
        house,
        checked,
        "graph",
        """
        SELECT h.union_id, h.version AS head, count(c.version) AS changes_count, max(c.version) AS newest
        FROM graph_heads h LEFT JOIN graph_changes c USING (union_id)
        GROUP BY h.union_id, h.version
        HAVING h.version <> count(c.version) OR h.version <> coalesce(max(c.version), 0)
        """,
        "the head is version {head}, of {changes_count} changes the newest is {newest}",
    )
    await none_of(
        house, checked, "graph", _replayed("backlinks", BACKLINK), "a backlink is not what its changes say"
    )
    await none_of(house, checked, "graph", _VOICES, "a voice is not what its changes say")
    await none_of(house, checked, "graph", _MEMBERS, "a member counts otherwise than the changes say")
    return checked


def _replayed(table: str, kind: int) -> str:
    return f"""
        WITH newest AS (
            SELECT DISTINCT ON (union_id, subject_id, object_id, topic)
                   union_id, subject_id, object_id, topic, holds, version
            FROM graph_changes WHERE kind = {kind}
            ORDER BY union_id, subject_id, object_id, topic, version DESC),
        replayed AS (
            SELECT union_id, subject_id AS supporter_id, object_id AS leader_id, topic
            FROM newest WHERE holds)
        SELECT union_id, supporter_id, leader_id, topic FROM replayed r
        FULL JOIN (SELECT union_id, supporter_id, leader_id, topic, true AS stored FROM {table}) b
        USING (union_id, supporter_id, leader_id, topic)
        WHERE b.stored IS NULL OR r.union_id IS NULL
        """  # noqa: S608 - constants


_MEMBERS = f"""
    WITH newest AS (
        SELECT DISTINCT ON (union_id, subject_id) union_id, subject_id AS member_id, holds, is_root
        FROM graph_changes WHERE kind = {MEMBERSHIP} ORDER BY union_id, subject_id, version DESC)
    SELECT union_id, member_id FROM newest n FULL JOIN graph_members g USING (union_id, member_id)
    WHERE coalesce(n.holds, false) <> coalesce(g.active, false)
       OR (g.active AND n.is_root <> g.is_root)
    """  # noqa: S608 - constants
_VOICES = f"""
    WITH newest AS (
        SELECT DISTINCT ON (union_id, subject_id, topic) union_id, subject_id, object_id, topic, holds
        FROM graph_changes WHERE kind = {VOICE}
        ORDER BY union_id, subject_id, topic, version DESC),
    replayed AS (
        SELECT union_id, subject_id AS member_id, topic, object_id AS leader_id
        FROM newest WHERE holds AND object_id IS NOT NULL)
    SELECT union_id, member_id, topic, r.leader_id AS replayed, v.leader_id AS stored
    FROM replayed r FULL JOIN voices v USING (union_id, member_id, topic)
    WHERE r.leader_id IS DISTINCT FROM v.leader_id
    """  # noqa: S608 - constants


async def voices(house: House) -> Checked:
    """A voice goes to a leader whom the member backs; a cycle never inflates a branch."""
    checked = Checked({"voices": 0, "branches": 0})
    await none_of(
        house,
        checked,
        "graph",
        """
        SELECT v.union_id, v.member_id, v.leader_id FROM voices v
        LEFT JOIN backlinks b
          ON (b.union_id, b.supporter_id, b.leader_id) = (v.union_id, v.member_id, v.leader_id)
        WHERE b.union_id IS NULL
        """,
        "a voice is given to a leader whom the member does not back",
    )
    given: dict[UUID, dict[UUID, UUID]] = defaultdict(dict)
    for row in await house.rows(
        "graph", "SELECT union_id, member_id, leader_id FROM voices WHERE topic = ''"
    ):
        given[row["union_id"]][row["member_id"]] = row["leader_id"]
    for union_id, leader_of in given.items():
        checked.count("voices", len(leader_of))
        _compare_branches(checked, union_id, leader_of)
    return checked


def _compare_branches(checked: Checked, union_id: UUID, leader_of: dict[UUID, UUID]) -> None:
    """Each branch as the service counts it, against a walk up from every member."""
    walked: dict[UUID, int] = defaultdict(int)
    for member in leader_of:
        seen, above = {member}, leader_of.get(member)
        while above is not None and above not in seen:
            walked[above] += 1
            seen.add(above)
            above = leader_of.get(above)
    people = sorted({*leader_of, *leader_of.values()})
    number = {person: place for place, person in enumerate(people)}
    forest = VoiceForest()
    forest.grow(len(people))
    for member, leader in leader_of.items():
        forest.give(number[member], number[leader])
    checked.count("branches", len(walked))
    for person in people:
        counted = forest.branch_count(number[person])
        if counted != walked.get(person, 0):
            named = f"union_id={union_id} leader_id={person}"
            checked.wrong(
                "graph", named, f"a branch counted as {counted}, by walking {walked.get(person, 0)}"
            )


async def standing(house: House) -> Checked:
    """Standing is personalised PageRank from the founders, recomputed from the changes it was made of."""
    epochs = await house.rows(
        "graph", "SELECT DISTINCT ON (union_id) * FROM standing_epochs ORDER BY union_id, epoch DESC"
    )
    checked = Checked({"epochs": len(epochs), "standings": 0})
    for epoch in epochs:
        published: dict[UUID, float] = {}
        for chunk in await house.rows(
            "graph",
            "SELECT member_ids, standings FROM standing_chunks WHERE union_id = $1 AND epoch = $2",
            epoch["union_id"],
            epoch["epoch"],
        ):
            published |= dict(zip(chunk["member_ids"], chunk["standings"], strict=True))
        recomputed = await _recomputed(house, epoch)
        checked.count("standings", len(published))
        for member in recomputed.keys() | published.keys():
            difference = abs(recomputed.get(member, 0.0) - published.get(member, 0.0))
            if difference > STANDING_TOLERANCE:
                named = f"union_id={epoch['union_id']} epoch={epoch['epoch']} member_id={member}"
                checked.wrong("graph", named, f"published standing is off by {difference:.2e}")
    return checked


async def _recomputed(house: House, epoch: asyncpg.Record) -> dict[UUID, float]:
    """The standings of the graph as of the epoch's version."""
    active: set[UUID] = set()
    roots: set[UUID] = set()
    links: dict[UUID, set[UUID]] = defaultdict(set)
    changes = await house.rows(
        "graph",
        "SELECT kind, subject_id, object_id, holds, is_root FROM graph_changes "
        "WHERE union_id = $1 AND version <= $2 AND kind IN (1, 2) ORDER BY version",
        epoch["union_id"],
        epoch["version"],
    )
    for row in changes:
        if row["kind"] == MEMBERSHIP:
            _hold(active, row["subject_id"], holds=row["holds"])
            _hold(roots, row["subject_id"], holds=row["holds"] and row["is_root"])
        else:
            _hold(links[row["subject_id"]], row["object_id"], holds=row["holds"])
    backed = {member: sorted(links[member] & active) for member in active}
    return _power_iteration(backed, sorted(roots), epoch["damping_basis_points"] / 10_000)


def _hold(members: set[UUID], member: UUID, *, holds: bool) -> None:
    if holds:
        members.add(member)
    else:
        members.discard(member)


def _power_iteration(backed: dict[UUID, list[UUID]], roots: list[UUID], damping: float) -> dict[UUID, float]:
    """Personalised PageRank in plain Python; the standing of those who back nobody returns to the roots."""
    if not roots:
        return {}
    rank = dict.fromkeys(backed, 0.0) | dict.fromkeys(roots, 1 / len(roots))
    for _ in range(ITERATIONS_MAX):
        following = dict.fromkeys(backed, 0.0)
        for member, leaders in backed.items():
            for leader in leaders:
                following[leader] += damping * rank[member] / len(leaders)
        returned = 1.0 - sum(following.values())
        for root in roots:
            following[root] += returned / len(roots)
        moved = sum(abs(following[member] - rank[member]) for member in backed)
        rank = following
        if moved < STANDING_TOLERANCE / 100:
            break
    return rank


PROMISES = (
    Promise("graph", "graph.history", "no history is overwritten", history),
    Promise("graph", "graph.voices", "a count equals brute force; a cycle never inflates", voices),
    Promise("graph", "graph.standing", "standing is recomputed from its changes", standing),
)
