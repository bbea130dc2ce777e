"""Tell the guardians who decide on a recovery: once of a ward, however many ask, until they have read it."""

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.recovery import Recovery
from services.identity.recovery.store.guardians import guardians_of_set


async def tell_guardians(unit: UnitOfWork, recovery: Recovery, kind: str) -> None:
    for guardian_id in await guardians_of_set(unit, recovery.member_id, recovery.guardians_version):
        await tell_account(unit, guardian_id, kind, "members", recovery.member_id, recovery.member_id)
