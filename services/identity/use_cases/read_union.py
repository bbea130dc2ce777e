"""Look up unions, their charters and the directory."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import CharterVersionNotFound, UnionNotFound
from services.identity.domain.union import NetworkUnion
from services.identity.operators.use_cases.require_shown import require_shown
from services.identity.store import charters, unions
from services.identity.store.charters import AdoptedCharter
from services.identity.store.unions import UnionListing
from services.identity.use_cases.find_union import union_of
from services.identity.use_cases.read_invitation import is_invited


async def read_union(
    unit: UnitOfWork, union: str, reader_id: UUID | None, code: str | None = None
) -> UnionListing:
    """What everybody may see of a union; a hidden one, also who has the code of an invitation that is good.

    Raises UnionNotFound, UnionHidden.
    """
    listing = await unions.listing_named(unit, union)
    if listing is None:
        raise UnionNotFound(union)
    if code is None or not await is_invited(unit, listing.union.id, code):
        await require_shown(unit, listing.union.id, reader_id)
    return listing


async def list_unions(
    unit: UnitOfWork, name_begins: str, after: tuple[str, UUID] | None, limit: int
) -> list[UnionListing]:
    """One row more than `limit` where more follow."""
    return await unions.list_unions(unit, name_begins, after, limit + 1)


def directory_position(listing: UnionListing) -> tuple[str, str]:
    """Where a union stands in the directory: the cursor behind it."""
    return unions.folded(listing.union.name), str(listing.union.id)


async def read_charter(
    unit: UnitOfWork, union: str, version: int | None
) -> tuple[NetworkUnion, AdoptedCharter]:
    """A version of the charter, the one in force by default. Raises UnionNotFound, CharterVersionNotFound."""
    found = await union_of(unit, union)
    wanted = found.charter_version if version is None else version
    adopted = await charters.charter_version(unit, found.id, wanted)
    if adopted is None:
        raise CharterVersionNotFound(wanted)
    return found, adopted
