"""The union that somebody means, by its id or slug."""

from collections.abc import Awaitable, Callable

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import UnionNotFound
from services.identity.domain.union import NetworkUnion
from services.identity.store import unions

Find = Callable[[UnitOfWork, str], Awaitable[NetworkUnion | None]]
"""How a union is read: as it is, shared or locked. Who holds it holds it before all else."""


async def union_of(unit: UnitOfWork, union: str, find: Find = unions.union_named) -> NetworkUnion:
    """Raises UnionNotFound."""
    found = await find(unit, union)
    if found is None:
        raise UnionNotFound(union)
    return found
