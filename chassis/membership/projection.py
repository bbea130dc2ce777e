"""Keeps the projection: the newest version of each union and membership, whoever told of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from events.identity import MembershipState, UnionState

if TYPE_CHECKING:
    import asyncpg

    from chassis.consumers import Consumers
    from chassis.unit_of_work import UnitOfWork

_KEEP_UNION = """
INSERT INTO unions (union_id, version, slug, state, founder_id, token_symbol, token_scale, charter_version,
                    charter_hash, parameters, founded_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::jsonb, $11)
ON CONFLICT (union_id) DO UPDATE
SET version = excluded.version, slug = excluded.slug, state = excluded.state,
    charter_version = excluded.charter_version, charter_hash = excluded.charter_hash,
    parameters = excluded.parameters
WHERE unions.version < excluded.version
"""
_KEEP_MEMBERSHIP = """
INSERT INTO memberships (union_id, member_id, version, state, role, charter_version, by_founder_invitation,
                         joined_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8)
ON CONFLICT (union_id, member_id) DO UPDATE
SET version = excluded.version, state = excluded.state, role = excluded.role,
    charter_version = excluded.charter_version, by_founder_invitation = excluded.by_founder_invitation,
    joined_at = excluded.joined_at
WHERE memberships.version < excluded.version
"""


async def keep_union(raw: asyncpg.Connection, event: UnionState) -> None:
    """Keep the newest version."""
    await raw.execute(
        _KEEP_UNION,
        event.union_id,
        event.version,
        event.slug,
        event.state,
        event.founder_id,
        event.token_symbol,
        event.token_scale,
        event.charter_version,
        event.charter_hash,
        orjson.dumps(event.parameters).decode(),
        event.founded_at,
    )


async def keep_membership(raw: asyncpg.Connection, event: MembershipState) -> None:
    """Keep the newest version."""
    await raw.execute(
        _KEEP_MEMBERSHIP,
        event.union_id,
        event.member_id,
        event.version,
        event.state,
        event.role,
        event.charter_version,
        event.by_founder_invitation,
        event.joined_at,
    )


def project_memberships(consumers: Consumers) -> None:
    """Have a service's consumers keep the projection; a service that does more registers its own handlers."""

    @consumers.on(UnionState)
    async def on_union(unit: UnitOfWork, event: UnionState) -> None:
        await keep_union(await unit.raw(), event)

    @consumers.on(MembershipState)
    async def on_membership(unit: UnitOfWork, event: MembershipState) -> None:
        await keep_membership(await unit.raw(), event)
