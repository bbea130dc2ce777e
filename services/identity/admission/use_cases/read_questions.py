"""How one comes into a union, and what is asked of who applies."""

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.store.applications import questions_of
from services.identity.domain.union import NetworkUnion
from services.identity.store import charters
from services.identity.use_cases.find_union import union_of


async def read_questions(unit: UnitOfWork, union: str) -> tuple[str, tuple[str, ...]]:
    """The charter's rule, and the questions. Raises UnionNotFound."""
    found = await union_of(unit, union)
    return await rule_of(unit, found), await questions_of(unit, found.id)


async def rule_of(unit: UnitOfWork, union: NetworkUnion) -> str:
    """As the charter in force has it."""
    adopted = await charters.charter_version(unit, union.id, union.charter_version)
    assert adopted is not None
    return adopted.charter.parameters.admission
