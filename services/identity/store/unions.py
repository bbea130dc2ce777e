"""Unions: kept for ever, found by id, slug and the beginning of their name."""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import DateTime, RowMapping, Select, bindparam, func, select, text, tuple_, update

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.handle import looks_like_id
from services.identity.domain.union import NetworkUnion, UnionState
from services.identity.operators.store.acts import hidden
from services.identity.store.tables import charters, member_counts, members, unions

_HIGHEST_CHARACTER = "\U0010ffff"
_HEAD_ID = func.coalesce(unions.c.head_id, unions.c.founder_id)
_HEADS = members.alias("heads")
_UNION = (
    unions.c.id,
    unions.c.slug,
    unions.c.name,
    unions.c.state,
    unions.c.founder_id,
    _HEAD_ID.label("head_id"),
    unions.c.version,
    unions.c.charter_version,
    unions.c.charter_hash,
    unions.c.founded_at,
)
_SHOWN = text(f"NOT {hidden('unions.id', ':now')}").bindparams(
    bindparam("now", type_=DateTime(timezone=True))
)
_ACTIVE_MEMBERS = (
    select(func.coalesce(func.sum(member_counts.c.active_members), 0))
    .where(member_counts.c.union_id == unions.c.id)
    .scalar_subquery()
    .label("active_members")
)


@dataclass(frozen=True, slots=True)
class UnionListing:
    """A union as the directory and its public page show it."""

    union: NetworkUnion
    purpose: str
    founder_handle: str
    head_handle: str
    active_members: int
    token_symbol: str
    token_scale: int


def _union(row: RowMapping) -> NetworkUnion:
    return NetworkUnion(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        state=UnionState(row["state"]),
        founder_id=row["founder_id"],
        head_id=row["head_id"],
        version=row["version"],
        charter_version=row["charter_version"],
        charter_hash=row["charter_hash"],
        founded_at=row["founded_at"],
    )


def folded(name: str) -> str:
    """The name as the directory sorts and searches it."""
    return " ".join(name.casefold().split())


async def add_union(unit: UnitOfWork, union: NetworkUnion) -> bool:
    """False, and nothing written, when the slug has been taken."""
    raw = await unit.raw()
    return (
        await raw.fetchval(
            """
            INSERT INTO unions (id, slug, name, name_folded, state, founder_id, version, charter_version,
                                charter_hash, founded_at)
            VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10) ON CONFLICT (slug) DO NOTHING RETURNING id
            """,
            union.id,
            union.slug,
            union.name,
            folded(union.name),
            union.state.value,
            union.founder_id,
            union.version,
            union.charter_version,
            union.charter_hash,
            union.founded_at,
        )
        is not None
    )


async def slugs_taken(unit: UnitOfWork, slugs: list[str]) -> set[str]:
    """Which of these slugs are taken."""
    raw = await unit.raw()
    rows = await raw.fetch("SELECT slug FROM unions WHERE slug = ANY($1::text[])", slugs)
    return {row["slug"] for row in rows}


async def unions_founded_by(unit: UnitOfWork, member_id: UUID) -> int:
    row = await unit.fetch_one(
        select(func.count().label("count")).where(
            unions.c.founder_id == member_id, unions.c.state == UnionState.ACTIVE.value
        )
    )
    return 0 if row is None else row["count"]


async def union_named(unit: UnitOfWork, union: str) -> NetworkUnion | None:
    """The union with this id or slug."""
    row = await unit.fetch_one(_named(select(*_UNION), union))
    return None if row is None else _union(row)


async def lock_union(unit: UnitOfWork, union: str) -> NetworkUnion | None:
    """The union, locked against joining and other changes of itself, as it is once the lock is had."""
    row = await unit.fetch_one(_named(select(unions.c.id), union).with_for_update())
    if row is None:
        return None
    present = await unit.fetch_one(select(*_UNION).where(unions.c.id == row["id"]))
    return None if present is None else _union(present)


async def share_union(unit: UnitOfWork, union: str) -> NetworkUnion | None:
    """The union, held against changes of itself but not against others who join or accept."""
    query = _named(select(*_UNION), union).with_for_update(read=True)
    row = await unit.fetch_one(query)
    return None if row is None else _union(row)


async def save_union(unit: UnitOfWork, union: NetworkUnion) -> None:
    """Write the next version of a union that is locked."""
    await unit.execute(
        update(unions)
        .where(unions.c.id == union.id)
        .values(
            state=union.state.value,
            head_id=union.head_id,
            version=union.version,
            charter_version=union.charter_version,
            charter_hash=union.charter_hash,
        )
    )


async def listing_named(unit: UnitOfWork, union: str) -> UnionListing | None:
    row = await unit.fetch_one(_named(_listing(), union))
    return None if row is None else _listing_of(row)


async def list_unions(
    unit: UnitOfWork, name_begins: str, after: tuple[str, UUID] | None, limit: int
) -> list[UnionListing]:
    """Active unions by name, those whose name begins so; none that operators have hidden."""
    prefix = folded(name_begins)
    query = _listing().where(unions.c.state == UnionState.ACTIVE.value, _SHOWN.bindparams(now=unit.now))
    if prefix:
        query = query.where(
            unions.c.name_folded >= prefix, unions.c.name_folded < prefix + _HIGHEST_CHARACTER
        )
    if after is not None:
        query = query.where(tuple_(unions.c.name_folded, unions.c.id) > after)
    rows = await unit.fetch_all(query.order_by(unions.c.name_folded, unions.c.id).limit(limit))
    return [_listing_of(row) for row in rows]


def _listing() -> Select[*tuple[Any, ...]]:
    return (
        select(
            *_UNION,
            members.c.handle.label("founder_handle"),
            _HEADS.c.handle.label("head_handle"),
            charters.c.document["purpose"].astext.label("purpose"),
            charters.c.document["parameters"]["token_symbol"].astext.label("token_symbol"),
            charters.c.document["parameters"]["token_scale"].as_integer().label("token_scale"),
            _ACTIVE_MEMBERS,
        )
        .join(members, members.c.id == unions.c.founder_id)
        .join(_HEADS, _HEADS.c.id == _HEAD_ID)
        .join(
            charters,
            (charters.c.union_id == unions.c.id) & (charters.c.version == unions.c.charter_version),
        )
    )


def _listing_of(row: RowMapping) -> UnionListing:
    return UnionListing(
        union=_union(row),
        purpose=row["purpose"],
        founder_handle=row["founder_handle"],
        head_handle=row["head_handle"],
        active_members=int(row["active_members"]),
        token_symbol=row["token_symbol"],
        token_scale=row["token_scale"],
    )


def _named(query: Select[*tuple[Any, ...]], union: str) -> Select[*tuple[Any, ...]]:
    if looks_like_id(union):
        return query.where(unions.c.id == UUID(union))
    return query.where(unions.c.slug == union)
