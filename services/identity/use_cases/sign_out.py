"""End the session of the caller's token."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.store import revocations, sessions


async def sign_out(unit: UnitOfWork, session_id: UUID, member_id: UUID) -> None:
    """The session, its refresh tokens and every token to come of it are over; a repeat changes nothing."""
    if await sessions.end_session(unit, session_id, "signed_out"):
        unit.record_act("own_session", f"sessions/{session_id}", {"ended": True})
        await revocations.record_ended_session(unit, session_id, member_id)
