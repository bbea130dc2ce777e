"""Keeps the projection of offices: the newest version of each member's grants, whoever told of it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import orjson
from pydantic import TypeAdapter

from chassis.peers import PeerUnavailable
from chassis.rights.grants import Charge, Grant
from events.identity import BusinessGrantState, GrantCharge, OfficeGrant, OfficeGrantState

if TYPE_CHECKING:
    import asyncpg

    from chassis.consumers import Consumers
    from chassis.peers import Peers
    from chassis.read_pool import ReadPool
    from chassis.rights.held import Holder
    from chassis.unit_of_work import UnitOfWork

_KEEP = """
INSERT INTO office_grants (union_id, member_id, version, grants) VALUES ($1, $2, $3, $4::jsonb)
ON CONFLICT (union_id, member_id) DO UPDATE SET version = excluded.version, grants = excluded.grants
WHERE office_grants.version < excluded.version
"""
_FIND = "SELECT version, grants FROM office_grants WHERE union_id = $1 AND member_id = $2"
_GRANTS = TypeAdapter(tuple[Grant, ...])


class OfficeGrants:
    """The grants in a union, whose id is the scope. Of a union nothing needs to be told."""

    async def find(
        self, raw: asyncpg.Connection | ReadPool, holder: Holder
    ) -> tuple[int, tuple[Grant, ...]] | None:
        return read_grants(await raw.fetchrow(_FIND, holder.union_id, holder.member_id)) or (0, ())

    async def ask(self, unit: UnitOfWork, peers: Peers, holder: Holder) -> tuple[Grant, ...]:
        path = f"/internal/unions/{holder.union_id}/office-grants/{holder.member_id}"
        answer = await peers.call("identity", "GET", path)
        if not answer.ok:
            raise PeerUnavailable("identity", f"status {answer.status}")
        event = OfficeGrantState.model_validate(answer.body)
        await keep_grants(await unit.raw(), event)
        return grants_of_event(event)


OFFICE_GRANTS = OfficeGrants()


async def keep_grants(raw: asyncpg.Connection, event: OfficeGrantState) -> None:
    """Keep the newest version."""
    await raw.execute(_KEEP, event.union_id, event.member_id, event.version, written_grants(event))


def read_grants(row: Any) -> tuple[int, tuple[Grant, ...]] | None:
    """A row's version and grants; None of no row."""
    return None if row is None else (row["version"], _GRANTS.validate_python(row["grants"]))


def written_grants(event: OfficeGrantState | BusinessGrantState) -> str:
    """As a row keeps them."""
    return orjson.dumps(event.model_dump(mode="json")["grants"]).decode()


def grants_of_event(event: OfficeGrantState | BusinessGrantState) -> tuple[Grant, ...]:
    """As identity tells them."""
    return tuple(
        Grant(
            grant.right,
            grant.holding_id,
            grant.until,
            tuple(Charge(one.holding_id, one.limit_minor) for one in grant.charges),
        )
        for grant in event.grants
    )


def grants_told(grants: Sequence[Grant]) -> tuple[OfficeGrant, ...]:
    """As identity's events say them: the way back of `grants_of_event`."""
    return tuple(
        OfficeGrant(
            right=grant.right,
            holding_id=grant.holding_id,
            until=grant.until,
            charges=tuple(
                GrantCharge(holding_id=one.holding_id, limit_minor=one.limit_minor) for one in grant.charges
            ),
        )
        for grant in grants
    )


def project_rights(consumers: Consumers) -> None:
    """Have a service's consumers keep the projection."""

    @consumers.on(OfficeGrantState)
    async def on_grants(unit: UnitOfWork, event: OfficeGrantState) -> None:
        await keep_grants(await unit.raw(), event)
