"""Take a deletion back: by a live key of the member's, or as their guardians step in."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.domain.deletion import DeletionState, cancelled
from services.identity.deletion.store.deletions import last_deletion, save_deletion
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.store import members


async def cancel_deletion(unit: UnitOfWork, member_id: UUID) -> None:
    """Raises NoDeletion, DeletionBegun."""
    await members.lock_member(unit, member_id)
    await save_deletion(unit, cancelled(await last_deletion(unit, member_id, lock=True), unit.now))
    await _told(unit, member_id, "own_account")


async def withdraw_deletion(unit: UnitOfWork, member_id: UUID, right: str) -> None:
    """Where one waits: by a recovery it is not settled whose account it is. The caller holds the member."""
    last = await last_deletion(unit, member_id, lock=True)
    if last is not None and last.state is DeletionState.WAITING:
        await save_deletion(unit, cancelled(last, unit.now))
        await _told(unit, member_id, right)


async def _told(unit: UnitOfWork, member_id: UUID, right: str) -> None:
    """Its timer finds nothing that waits."""
    unit.record_act(
        right, f"members/{member_id}", {"deletion": "cancelled"}, on_behalf_of=f"member:{member_id}"
    )
    await tell_account(unit, member_id, "account.deletion_cancelled", "deletion", member_id)
