"""End a list of people: its unused links are good no more, some at a time, and nobody else is written to."""

from dataclasses import replace
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.invitation_list import InvitationList
from services.identity.admission.store import invitees, lists
from services.identity.admission.use_cases.find_union import list_of_admitter

END_INVITATION_LIST = "end_invitation_list"


async def end_list(unit: UnitOfWork, member_id: UUID, union: str, list_id: UUID) -> InvitationList:
    """A repeat changes nothing. Raises UnionNotFound, FounderOnly, InvitationListNotFound."""
    admitter, listed = await list_of_admitter(unit, union, member_id, list_id, lock=True)
    if listed.ended_at is not None:
        return listed
    ended = replace(listed, ended_at=unit.now)
    await lists.save_list(unit, ended)
    await unit.set_timer(END_INVITATION_LIST, f"{admitter.union.id}/{list_id}", unit.now)
    admitter.record(unit, "invite", f"invitation-lists/{list_id}", {"ended": True})
    return ended


async def end_links_of_list(unit: UnitOfWork, key: str, batch_max: int) -> None:
    """Sets its timer again as long as links are left."""
    union_id, list_id = (UUID(part) for part in key.split("/"))
    if await invitees.end_links(unit, union_id, list_id, batch_max) == batch_max:
        await unit.set_timer(END_INVITATION_LIST, key, unit.now)
