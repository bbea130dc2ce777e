"""Be somebody's guardian no more: at once, as nobody is bound to be one."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.errors import WardNotFound
from services.identity.recovery.store.guardians import resign
from services.identity.store import members


async def resign_as_guardian(unit: UnitOfWork, guardian_id: UUID, ward_id: UUID) -> None:
    """The ward is told: too few may be left to bring them back. Raises WardNotFound."""
    await members.lock_member(unit, ward_id)
    if not await resign(unit, ward_id, guardian_id):
        raise WardNotFound(str(ward_id))
    unit.record_act("guardian", f"members/{ward_id}", {"resigned": True}, on_behalf_of=f"member:{ward_id}")
    await tell_account(unit, ward_id, "account.guardian_resigned", "guardians", ward_id, guardian_id)
