"""A key that a recovery asks for signs in nowhere until that is decided."""

from chassis.unit_of_work import UnitOfWork
from services.identity.recovery.domain.errors import KeyAwaitsRecovery
from services.identity.recovery.store.recoveries import recovery_of_key


async def check_not_awaited(unit: UnitOfWork, kind: str, identifier: str) -> None:
    """Raises KeyAwaitsRecovery, which names the recovery: its asker may have lost the address."""
    recovery_id = await recovery_of_key(unit, kind, identifier)
    if recovery_id is not None:
        raise KeyAwaitsRecovery(str(recovery_id))
