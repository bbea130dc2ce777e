"""Joining grants: whose, in which state, on which day's budget."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from services.ledger.domain.grants import GrantState

if TYPE_CHECKING:
    import asyncpg

    from chassis.read_pool import ReadPool

_ASK = """
INSERT INTO joining_grants (union_id, member_id, state, by_founder_invitation, changed_at)
SELECT $1, member_id, 'waiting', by_founder_invitation, $4
FROM unnest($2::uuid[], $3::boolean[]) AS member (member_id, by_founder_invitation)
ON CONFLICT (union_id, member_id) DO UPDATE
SET state = 'waiting', by_founder_invitation = excluded.by_founder_invitation,
    changed_at = excluded.changed_at
WHERE joining_grants.state IN ('none', 'forfeited')
RETURNING member_id, day
"""
_ASSIGN = """
UPDATE joining_grants g SET day = slot.day, number = slot.number
FROM unnest($2::uuid[], $3::date[], $4::bigint[]) AS slot (member_id, day, number)
WHERE g.union_id = $1 AND g.member_id = slot.member_id
"""
_TAKEN = "SELECT day, taken_count FROM grant_budgets WHERE union_id = $1 AND day >= $2"
_TAKEN_EVER = "SELECT coalesce(sum(taken_count), 0)::bigint FROM grant_budgets WHERE union_id = $1"
_TAKE = """
INSERT INTO grant_budgets (union_id, day, taken_count)
SELECT $1, day, taken FROM unnest($2::date[], $3::integer[]) AS budget (day, taken)
ON CONFLICT (union_id, day) DO UPDATE SET taken_count = excluded.taken_count
"""
_WAITING = """
SELECT member_id, by_founder_invitation, settled_at, number FROM joining_grants
WHERE union_id = $1 AND state = 'waiting' AND day <= $2 ORDER BY day, member_id LIMIT $3
"""
_SETTLE_STATE = """
UPDATE joining_grants g SET state = paid.state, amount_minor = paid.amount_minor, changed_at = $5
FROM unnest($2::uuid[], $3::text[], $4::bigint[]) AS paid (member_id, state, amount_minor)
WHERE g.union_id = $1 AND g.member_id = paid.member_id
"""
_SETTLED_AGREEMENT = """
INSERT INTO joining_grants (union_id, member_id, state, by_founder_invitation, settled_at, changed_at)
SELECT $1, member_id, 'none', false, $3, $3 FROM unnest($2::uuid[]) AS member (member_id)
ON CONFLICT (union_id, member_id) DO UPDATE SET settled_at = excluded.settled_at
WHERE joining_grants.settled_at IS NULL
RETURNING member_id, state, amount_minor
"""


@dataclass(frozen=True, slots=True)
class WaitingGrant:
    """`number`: how many were given a day before it, and 1."""

    member_id: UUID
    by_founder_invitation: bool
    has_settled_an_agreement: bool
    number: int | None


@dataclass(frozen=True, slots=True)
class SettledGrant:
    """The grant of a member who has just settled their first agreement."""

    member_id: UUID
    state: GrantState
    amount_minor: int | None


async def ask_for_grants(
    raw: asyncpg.Connection, union_id: UUID, invited: Mapping[UUID, bool], now: datetime
) -> dict[UUID, date | None]:
    """Note a grant for each member (whether by the founder's invitation) who has not had one.

    By member the day whose budget it has already: of one who went before it was paid, and is back.
    """
    rows = await raw.fetch(_ASK, union_id, list(invited), list(invited.values()), now)
    return {row["member_id"]: row["day"] for row in rows}


async def assign_days(raw: asyncpg.Connection, union_id: UUID, days: Mapping[UUID, tuple[date, int]]) -> None:
    """The day whose budget pays, and the number of the grant, by member."""
    slots = days.values()
    await raw.execute(
        _ASSIGN, union_id, list(days), [day for day, _ in slots], [number for _, number in slots]
    )


async def taken_ever(raw: asyncpg.Connection | ReadPool, union_id: UUID) -> int:
    """How many grants were given a day so far."""
    return await raw.fetchval(_TAKEN_EVER, union_id) or 0


async def taken_from(raw: asyncpg.Connection, union_id: UUID, today: date) -> dict[date, int]:
    """What is taken of the budgets of today and later days."""
    return {row["day"]: row["taken_count"] for row in await raw.fetch(_TAKEN, union_id, today)}


async def take_budgets(raw: asyncpg.Connection, union_id: UUID, taken: Mapping[date, int]) -> None:
    await raw.execute(_TAKE, union_id, list(taken), list(taken.values()))


async def waiting_grants(
    raw: asyncpg.Connection, union_id: UUID, day: date, limit: int
) -> Sequence[WaitingGrant]:
    """Grants on the budget of this day or an earlier one that are not paid yet."""
    rows = await raw.fetch(_WAITING, union_id, day, limit)
    return [
        WaitingGrant(
            row["member_id"], row["by_founder_invitation"], row["settled_at"] is not None, row["number"]
        )
        for row in rows
    ]


async def save_states(
    raw: asyncpg.Connection,
    union_id: UUID,
    states: Iterable[tuple[UUID, GrantState, int]],
    now: datetime,
) -> None:
    """The state of each member's grant, with its amount in minor units."""
    listed = list(states)
    if listed:
        await raw.execute(
            _SETTLE_STATE,
            union_id,
            [member_id for member_id, _, _ in listed],
            [state.value for _, state, _ in listed],
            [amount_minor for _, _, amount_minor in listed],
            now,
        )


async def note_settled_agreement(
    raw: asyncpg.Connection, union_id: UUID, member_ids: Sequence[UUID], at: datetime
) -> Sequence[SettledGrant]:
    """Note who has settled their first agreement; the grants of those for whom it is news."""
    rows = await raw.fetch(_SETTLED_AGREEMENT, union_id, member_ids, at)
    return [SettledGrant(row["member_id"], GrantState(row["state"]), row["amount_minor"]) for row in rows]
