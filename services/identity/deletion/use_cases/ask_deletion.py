"""Ask that one's account be deleted: after a delay, in which every key of the member's takes that back."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.deletion.domain.deletion import Deletion, ask
from services.identity.deletion.domain.errors import FounderOfOthers, RecoveryWaits
from services.identity.deletion.store.deletions import (
    headed_unions,
    last_deletion,
    save_deletion,
    waiting_recovery,
)
from services.identity.deletion.store.ends import is_locked
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.settings import IdentitySettings
from services.identity.store import members

DELETE_ACCOUNT = "delete_account"
NAMED_MAX = 5


async def ask_deletion(unit: UnitOfWork, settings: IdentitySettings, member_id: UUID) -> Deletion:
    """A repeat changes nothing. Raises FounderOfOthers, RecoveryWaits."""
    await members.lock_member(unit, member_id)
    last = await last_deletion(unit, member_id, lock=True)
    asked = ask(member_id, last, unit.now, timedelta(seconds=settings.deletion_delay_seconds))
    if asked is last:
        return asked
    await check_nothing_stands(unit, member_id)
    await save_deletion(unit, asked)
    await unit.set_timer(DELETE_ACCOUNT, str(member_id), asked.due_at)
    unit.record_act("own_account", f"members/{member_id}", {"deletion": "waiting", "due_at": asked.due_at})
    await tell_account(unit, member_id, "account.deletion_asked", "deletion", member_id)
    return asked


async def check_nothing_stands(unit: UnitOfWork, member_id: UUID) -> None:
    """Raises FounderOfOthers, RecoveryWaits."""
    if await waiting_recovery(unit, member_id) is not None or await is_locked(unit, member_id):
        raise RecoveryWaits
    shared = [union.slug for union in await headed_unions(unit, member_id) if union.members_count > 1]
    if shared:
        more = len(shared) - NAMED_MAX
        raise FounderOfOthers(", ".join(shared[:NAMED_MAX]) + (f" and {more} more" if more > 0 else ""))
