"""Somebody wants no invitations by e-mail any more, from whatever union."""

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.personal_link import person_of_token
from services.identity.admission.store.invitees import stop_mail


async def stop_invitations(unit: UnitOfWork, key: bytes, token: str) -> bool:
    """By the word below an invitation; False where it is none of those."""
    person = person_of_token(key, token)
    if person is None:
        return False
    await stop_mail(unit, person)
    unit.record_act("email_recipient", "invitations", {"email": "stopped"})
    return True
