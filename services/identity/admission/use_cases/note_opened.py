"""Somebody looks at what a personal link invites to: the first time is kept."""

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.store.invitees import mark_opened
from services.identity.domain.invitation import Invitation


async def note_opened(unit: UnitOfWork, invitation: Invitation) -> None:
    await mark_opened(unit, invitation.union_id, invitation.id)
