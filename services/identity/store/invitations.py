"""Invitations: found by the hash of their code, within their union."""

from dataclasses import asdict
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, insert, select

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.invitation import Invitation
from services.identity.store.tables import invitations

_COLUMNS = tuple(column for column in invitations.c if column.name != "code_hash")


async def add_invitation(unit: UnitOfWork, invitation: Invitation, code_hash: bytes) -> None:
    await unit.execute(insert(invitations).values(asdict(invitation) | {"code_hash": code_hash}))


async def invitation_by_code(unit: UnitOfWork, union_id: UUID, code_hash: bytes) -> Invitation | None:
    row = await unit.fetch_one(
        select(*_COLUMNS).where(invitations.c.union_id == union_id, invitations.c.code_hash == code_hash)
    )
    return None if row is None else Invitation(**row)


async def live_invitations_of(unit: UnitOfWork, union_id: UUID, member_id: UUID, now: datetime) -> int:
    """How many unexpired invitations a member has out in a union, those of lists not counted."""
    row = await unit.fetch_one(
        select(func.count().label("count")).where(
            invitations.c.union_id == union_id,
            invitations.c.invited_by == member_id,
            invitations.c.list_id.is_(None),
            invitations.c.expires_at > now,
        )
    )
    return 0 if row is None else row["count"]
