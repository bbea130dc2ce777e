"""What members are asked, what they accepted, how many have, and the walk through those who are silent."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.acceptance import Asking, BySilence
from services.identity.domain.membership import Membership
from services.identity.store.memberships import COUNT_SHARDS, membership_from

_ASKING = "union_id, version, author_id, adopted_at, grace_ends_at, by_silence"
_ASKED = f"""
SELECT {_ASKING} FROM charters WHERE union_id = $1 AND version = $2 AND material
"""  # noqa: S608 - columns of this module
_NEWEST = f"""
SELECT {_ASKING} FROM charters WHERE union_id = $1 AND material ORDER BY version DESC LIMIT 1
"""  # noqa: S608 - made of this file's own text
# One that silence has accepted presses no more.
_MOST_PRESSING = f"""
SELECT {_ASKING} FROM charters WHERE union_id = $1 AND material AND version > $2
ORDER BY by_silence = 'accepts' AND grace_ends_at <= $3, grace_ends_at, version LIMIT 1
"""  # noqa: S608 - made of this file's own text
_ADD = """
INSERT INTO charter_acceptances
    (union_id, member_id, membership_version, charter_version, charter_hash, way, accepted_at)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
_COUNT = """
SELECT coalesce(sum(active_members), 0) AS active,
       coalesce(sum(active_members) FILTER (WHERE charter_version >= $2), 0) AS accepted
FROM acceptance_counts WHERE union_id = $1
"""
# By the index of the member list. Who joins meanwhile accepts what is in force: it does not matter where.
_WALK = """
SELECT member_id, joined_at, charter_version < $2 AS is_due FROM memberships
WHERE union_id = $1 AND state = 'active' AND (joined_at, member_id) > ($3, $4)
ORDER BY joined_at, member_id LIMIT $5
"""
_HOLD = """
SELECT * FROM memberships WHERE union_id = $1 AND member_id = ANY($2::uuid[]) ORDER BY member_id FOR UPDATE
"""
_SAVE = """
UPDATE memberships SET version = lapsed.version, state = lapsed.state, silent_since = lapsed.silent_since,
    changed_at = lapsed.changed_at
FROM unnest($2::uuid[], $3::int[], $4::text[], $5::timestamptz[], $6::timestamptz[])
    AS lapsed (member_id, version, state, silent_since, changed_at)
WHERE memberships.union_id = $1 AND memberships.member_id = lapsed.member_id
"""
_COUNT_OFF = """
UPDATE member_counts SET active_members = active_members - $3 WHERE union_id = $1 AND shard = $2
"""


@dataclass(frozen=True, slots=True)
class Place:
    """How far a walk through a union's members has come."""

    joined_at: datetime
    member_id: UUID


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of the walk: the members who had not accepted when it was read, and where it goes on."""

    due: list[UUID]
    after: Place | None


@dataclass(frozen=True, slots=True)
class AcceptanceCount:
    """Of a union's active members, and of those who accepted a version or a later one."""

    active_members: int
    accepted_members: int


def _asking(row: Mapping[str, Any]) -> Asking:
    return Asking(
        row["union_id"],
        row["version"],
        row["author_id"],
        row["adopted_at"],
        row["grace_ends_at"],
        BySilence(row["by_silence"]),
    )


async def asking_of(unit: UnitOfWork, union_id: UUID, version: int) -> Asking | None:
    """What this version asks; None where it asks nobody."""
    row = await (await unit.raw()).fetchrow(_ASKED, union_id, version)
    return None if row is None else _asking(row)


async def newest_asking(unit: UnitOfWork, union_id: UUID) -> Asking | None:
    """None where the members of the union were never asked."""
    row = await (await unit.raw()).fetchrow(_NEWEST, union_id)
    return None if row is None else _asking(row)


async def most_pressing(unit: UnitOfWork, union_id: UUID, accepted_version: int) -> Asking | None:
    """Of the material versions after the one accepted, that whose grace ends first."""
    row = await (await unit.raw()).fetchrow(_MOST_PRESSING, union_id, accepted_version, unit.now)
    return None if row is None else _asking(row)


async def add_acceptance(unit: UnitOfWork, membership: Membership, charter_hash: str, way: str) -> None:
    """`way`: signed, authored."""
    await (await unit.raw()).execute(
        _ADD,
        membership.union_id,
        membership.member_id,
        membership.version,
        membership.charter_version,
        charter_hash,
        way,
        unit.now,
    )


async def count_accepted(unit: UnitOfWork, union_id: UUID, version: int) -> AcceptanceCount:
    row = await (await unit.raw()).fetchrow(_COUNT, union_id, version)
    assert row is not None
    return AcceptanceCount(int(row["active"]), int(row["accepted"]))


async def walk(unit: UnitOfWork, asking: Asking, after: Place, limit: int) -> Stretch:
    """Of the next `limit` active members in the order of joining, those who have yet to accept."""
    rows = await (await unit.raw()).fetch(
        _WALK,
        asking.union_id,
        asking.charter_version,
        after.joined_at,
        after.member_id,
        limit,
    )
    return Stretch(
        [row["member_id"] for row in rows if row["is_due"]],
        Place(rows[-1]["joined_at"], rows[-1]["member_id"]) if len(rows) == limit else None,
    )


async def hold_memberships(unit: UnitOfWork, union_id: UUID, member_ids: Sequence[UUID]) -> list[Membership]:
    """As they are once their locks are had."""
    rows = await (await unit.raw()).fetch(_HOLD, union_id, member_ids)
    return [membership_from(row) for row in rows]


async def save_lapsed(unit: UnitOfWork, union_id: UUID, lapsed: Sequence[Membership]) -> None:
    """Write memberships that are held, were active, and are not any more."""
    raw = await unit.raw()
    # The counts before the rows, as one who joins or leaves has them: the trigger's counts come last of all.
    shards = Counter(one.member_id.int % COUNT_SHARDS for one in lapsed)
    for shard, count in sorted(shards.items()):
        await raw.execute(_COUNT_OFF, union_id, shard, count)
    await raw.execute(
        _SAVE,
        union_id,
        [one.member_id for one in lapsed],
        [one.version for one in lapsed],
        [one.state.value for one in lapsed],
        [one.silent_since for one in lapsed],
        [one.changed_at for one in lapsed],
    )
