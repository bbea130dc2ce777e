"""Charters: every version of each union's, append-only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import insert, select

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.charter import Charter, parameters_of
from services.identity.store.tables import charters


@dataclass(frozen=True, slots=True)
class AdoptedCharter:
    """A version with its author and what allowed it."""

    charter: Charter
    hash: str
    author_id: UUID
    allowed_by: str
    adopted_at: datetime


async def add_charter(unit: UnitOfWork, adopted: AdoptedCharter) -> None:
    await unit.execute(
        insert(charters).values(
            union_id=adopted.charter.union_id,
            version=adopted.charter.version,
            hash=adopted.hash,
            document=adopted.charter.document(),
            author_id=adopted.author_id,
            allowed_by=adopted.allowed_by,
            adopted_at=adopted.adopted_at,
        )
    )


async def charter_version(unit: UnitOfWork, union_id: UUID, version: int) -> AdoptedCharter | None:
    row = await unit.fetch_one(
        select(charters).where(charters.c.union_id == union_id, charters.c.version == version)
    )
    if row is None:
        return None
    document = row["document"]
    return AdoptedCharter(
        charter=Charter(
            union_id=union_id,
            version=version,
            purpose=document["purpose"],
            values=tuple(document["values"]),
            bylaws=document["bylaws"],
            parameters=parameters_of(document["parameters"]),
        ),
        hash=row["hash"],
        author_id=row["author_id"],
        allowed_by=row["allowed_by"],
        adopted_at=row["adopted_at"],
    )
