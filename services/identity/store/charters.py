"""Charters: every version of each union's, append-only."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import RowMapping, insert, select

from chassis.money import Asset
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.acceptance import BySilence, Terms
from services.identity.domain.charter import Charter, parameters_of
from services.identity.store.tables import charters


@dataclass(frozen=True, slots=True)
class AdoptedCharter:
    """A version with its author and what allowed it; `terms`: how members are asked about a material one."""

    charter: Charter
    hash: str
    author_id: UUID
    allowed_by: str
    adopted_at: datetime
    terms: Terms | None = None

    @property
    def token(self) -> Asset:
        """In which amounts of the union are."""
        return Asset(self.charter.parameters.token_symbol, self.charter.parameters.token_scale)


@dataclass(frozen=True, slots=True)
class ListedVersion:
    """A version without its document."""

    version: int
    hash: str
    author_id: UUID
    allowed_by: str
    adopted_at: datetime
    terms: Terms | None


_LISTED = tuple(column for column in charters.c if column.name != "document")


def _terms(row: RowMapping) -> Terms | None:
    return Terms(row["grace_ends_at"], BySilence(row["by_silence"])) if row["material"] else None


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
            material=adopted.terms is not None,
            grace_ends_at=None if adopted.terms is None else adopted.terms.grace_ends_at,
            by_silence=None if adopted.terms is None else adopted.terms.by_silence.value,
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
        terms=_terms(row),
    )


async def list_versions(
    unit: UnitOfWork, union_id: UUID, before: int | None, limit: int
) -> list[ListedVersion]:
    """The newest first; those below `before`."""
    query = select(*_LISTED).where(charters.c.union_id == union_id)
    if before is not None:
        query = query.where(charters.c.version < before)
    rows = await unit.fetch_all(query.order_by(charters.c.version.desc()).limit(limit))
    return [
        ListedVersion(
            row["version"],
            row["hash"],
            row["author_id"],
            row["allowed_by"],
            row["adopted_at"],
            _terms(row),
        )
        for row in rows
    ]
