"""Keeps the projection of businesses: that they are there, and what members hold in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.peers import PeerUnavailable
from chassis.rights.held import Holder
from chassis.rights.projection import grants_of_event, read_grants, written_grants
from events.identity import BusinessGrantState, BusinessState

if TYPE_CHECKING:
    import asyncpg

    from chassis.consumers import Consumers
    from chassis.peers import PeerAnswer, Peers
    from chassis.read_pool import ReadPool
    from chassis.rights.grants import Grant
    from chassis.unit_of_work import UnitOfWork

ABSENT = 404
_KEEP_BUSINESS = """
INSERT INTO businesses (union_id, business_id, version, state) VALUES ($1, $2, $3, $4)
ON CONFLICT (union_id, business_id) DO UPDATE SET version = excluded.version, state = excluded.state
WHERE businesses.version < excluded.version
"""
_KEEP_GRANTS = """
INSERT INTO business_grants (union_id, member_id, business_id, version, grants)
VALUES ($1, $2, $3, $4, $5::jsonb)
ON CONFLICT (union_id, member_id, business_id)
DO UPDATE SET version = excluded.version, grants = excluded.grants
WHERE business_grants.version < excluded.version
"""
_FIND = """
SELECT coalesce(g.version, 0) AS version, coalesce(g.grants, '[]') AS grants
FROM (SELECT) AS asked LEFT JOIN business_grants g
  ON g.union_id = $1 AND g.business_id = $2 AND g.member_id = $3
WHERE g.version IS NOT NULL OR EXISTS (SELECT FROM businesses WHERE union_id = $1 AND business_id = $2)
"""
_HELD_IN = """
SELECT business_id, version, grants FROM business_grants
WHERE union_id = $1 AND member_id = $2 AND business_id > $3 AND grants <> '[]'
ORDER BY business_id LIMIT $4
"""
_HOLDERS = """
SELECT member_id FROM business_grants
WHERE union_id = $1 AND business_id = $2 AND grants <> '[]' ORDER BY member_id LIMIT $3
"""


class BusinessGrants:
    """The grants in a business, whose id is the scope."""

    async def find(
        self, raw: asyncpg.Connection | ReadPool, holder: Holder
    ) -> tuple[int, tuple[Grant, ...]] | None:
        return read_grants(await raw.fetchrow(_FIND, *holder))

    async def ask(self, unit: UnitOfWork, peers: Peers, holder: Holder) -> tuple[Grant, ...]:
        path = f"{_path(holder.union_id, holder.scope_id)}/grants/{holder.member_id}"
        answer = await _asked(peers, path)
        if answer is None:
            return ()
        event = BusinessGrantState.model_validate(answer.body)
        await keep_business_grants(await unit.raw(), event)
        return grants_of_event(event)


BUSINESS_GRANTS = BusinessGrants()


async def keep_business(raw: asyncpg.Connection, event: BusinessState) -> None:
    """Keep the newest version."""
    await raw.execute(_KEEP_BUSINESS, event.union_id, event.business_id, event.version, event.state)


async def keep_business_grants(raw: asyncpg.Connection, event: BusinessGrantState) -> None:
    """Keep the newest version."""
    key = (event.union_id, event.member_id, event.business_id)
    await raw.execute(_KEEP_GRANTS, *key, event.version, written_grants(event))


async def state_of_business(raw: asyncpg.Connection, union_id: UUID, business_id: UUID) -> str | None:
    """The newest that was told: `active` or `closed`; None where nothing was."""
    query = "SELECT state FROM businesses WHERE union_id = $1 AND business_id = $2"
    return await raw.fetchval(query, union_id, business_id)


async def ask_business(unit: UnitOfWork, peers: Peers, union_id: UUID, business_id: UUID) -> str | None:
    """Its state as identity says, kept; None where the union has no such business. Raises PeerUnavailable."""
    answer = await _asked(peers, _path(union_id, business_id))
    if answer is None:
        return None
    event = BusinessState.model_validate(answer.body)
    await keep_business(await unit.raw(), event)
    return event.state


async def businesses_of(
    raw: asyncpg.Connection, union_id: UUID, member_id: UUID, after: UUID, limit: int
) -> Sequence[tuple[UUID, int, tuple[Grant, ...]]]:
    """In which the member was told to hold something, in order of their ids, with version and grants."""
    rows = await raw.fetch(_HELD_IN, union_id, member_id, after, limit)
    return [(row["business_id"], *told) for row in rows if (told := read_grants(row)) is not None]


async def holds_in(
    raw: asyncpg.Connection, union_id: UUID, business_id: UUID, member_id: UUID, now: datetime
) -> bool:
    """Whether the member was told to hold something in it that lasts still."""
    found = await BUSINESS_GRANTS.find(raw, Holder(union_id, business_id, member_id))
    return found is not None and any(now < grant.until for grant in found[1])


async def holders_in(
    raw: asyncpg.Connection, union_id: UUID, business_id: UUID, limit: int
) -> Sequence[UUID]:
    """The members who were told to hold something in it."""
    rows = await raw.fetch(_HOLDERS, union_id, business_id, limit)
    return [row["member_id"] for row in rows]


def project_business_rights(consumers: Consumers) -> None:
    """Have a service's consumers keep what members hold; the businesses themselves it keeps on its own."""

    @consumers.on(BusinessGrantState)
    async def on_grants(unit: UnitOfWork, event: BusinessGrantState) -> None:
        await keep_business_grants(await unit.raw(), event)


def _path(union_id: UUID, business_id: UUID) -> str:
    return f"/internal/unions/{union_id}/businesses/{business_id}"


async def _asked(peers: Peers, path: str) -> PeerAnswer | None:
    answer = await peers.call("identity", "GET", path)
    if answer.status == ABSENT:
        return None
    if not answer.ok:
        raise PeerUnavailable("identity", f"status {answer.status}")
    return answer
