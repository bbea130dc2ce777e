"""Lists of people, for who admits: how far they are, who opened and joined, which rows were refused."""

from collections.abc import Sequence
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.invitation_list import InvitationList
from services.identity.admission.store import invitees, lists
from services.identity.admission.store.invitees import ListedPerson
from services.identity.admission.store.lists import ListFigures
from services.identity.admission.use_cases.find_union import admitter_of, list_of_admitter


async def read_lists(
    unit: UnitOfWork, member_id: UUID, union: str, after: UUID | None, limit: int
) -> Sequence[InvitationList]:
    """The newest first, one more than the limit where there are more. Raises UnionNotFound, FounderOnly."""
    admitter = await admitter_of(unit, union, member_id, "look at lists of people")
    return await lists.lists_of(unit, admitter.union.id, after, limit)


async def read_list(
    unit: UnitOfWork, member_id: UUID, union: str, list_id: UUID
) -> tuple[InvitationList, ListFigures]:
    """Raises UnionNotFound, FounderOnly, InvitationListNotFound."""
    admitter, listed = await list_of_admitter(unit, union, member_id, list_id)
    return listed, await lists.figures_of(unit, admitter.union.id, list_id)


async def read_people_of_list(
    unit: UnitOfWork, member_id: UUID, union: str, list_id: UUID, after_line: int, limit: int
) -> Sequence[ListedPerson]:
    """One more than the limit where there are more. Raises as `read_list`."""
    admitter, _ = await list_of_admitter(unit, union, member_id, list_id)
    return await invitees.people_of(unit, admitter.union.id, list_id, after_line, limit)


async def read_refusals(
    unit: UnitOfWork, member_id: UUID, union: str, list_id: UUID, after_line: int, limit: int
) -> Sequence[tuple[int, str]]:
    """Line and ground, one more than the limit where there are more. Raises as `read_list`."""
    admitter, _ = await list_of_admitter(unit, union, member_id, list_id)
    return await lists.refusals_of(unit, admitter.union.id, list_id, after_line, limit)
