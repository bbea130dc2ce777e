"""End one of a member's sessions, from any device of theirs."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import SessionNotFound
from services.identity.store import revocations, sessions


async def end_own_session(unit: UnitOfWork, session_id: UUID, member_id: UUID) -> None:
    """A repeat changes nothing. Raises SessionNotFound."""
    if not await sessions.is_session_of(unit, session_id, member_id):
        raise SessionNotFound(str(session_id))
    if await sessions.end_session(unit, session_id, "ended_elsewhere"):
        unit.record_act("own_session", f"sessions/{session_id}", {"ended": True})
        await revocations.record_ended_session(unit, session_id, member_id)
