"""The versions of a charter, and what differs between two."""

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.charter_diff import CharterDiff, charter_diff
from services.identity.domain.errors import CharterVersionNotFound
from services.identity.domain.union import NetworkUnion
from services.identity.store import charters
from services.identity.store.charters import ListedVersion
from services.identity.use_cases.find_union import union_of


async def list_versions(
    unit: UnitOfWork, union: str, before: int | None, limit: int
) -> tuple[NetworkUnion, list[ListedVersion]]:
    """The newest first, one more than `limit` where more follow. Raises UnionNotFound."""
    found = await union_of(unit, union)
    return found, await charters.list_versions(unit, found.id, before, limit + 1)


async def compare_charters(unit: UnitOfWork, union: str, old: int, new: int) -> CharterDiff:
    """Raises UnionNotFound, CharterVersionNotFound."""
    found = await union_of(unit, union)
    adopted = [await charters.charter_version(unit, found.id, version) for version in (old, new)]
    for version, one in zip((old, new), adopted, strict=True):
        if one is None:
            raise CharterVersionNotFound(version)
    before, after = adopted
    assert before is not None and after is not None
    return charter_diff(before.charter, after.charter)
