"""Name guardians, or have none any more: after a delay, in which every key of the member's stops it."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.recovery.domain.errors import GuardianUnknown, NoGuardianChange
from services.identity.recovery.domain.guardians import check_guardians
from services.identity.recovery.store.guardians import add_set, withdraw_waiting
from services.identity.settings import IdentitySettings
from services.identity.store import members


async def name_guardians(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, named: Sequence[str], threshold: int
) -> None:
    """Instead of those before, and of a change that waits. `named`: handles or ids.

    Raises GuardianUnknown, GuardiansRefused.
    """
    guardians: list[UUID] = []
    for one in named:
        profile = await members.profile_named(unit, one)
        if profile is None:
            raise GuardianUnknown(one)
        guardians.append(profile.member_id)
    check_guardians(member_id, guardians, threshold, settings.guardians_max)
    await _change(unit, settings, member_id, threshold, guardians)
    for guardian_id in guardians:
        await tell_account(unit, guardian_id, "guardian.named", "members", member_id, member_id)


async def dismiss_guardians(unit: UnitOfWork, settings: IdentitySettings, member_id: UUID) -> None:
    """From the end of the delay on there are none."""
    await _change(unit, settings, member_id, 0, ())


async def withdraw_change(unit: UnitOfWork, member_id: UUID) -> None:
    """The guardians stay as they are. Raises NoGuardianChange."""
    await members.lock_member(unit, member_id)
    if not await withdraw_waiting(unit, member_id):
        raise NoGuardianChange
    unit.record_act("own_guardians", f"members/{member_id}", {"guardians": "stay"})
    await tell_account(unit, member_id, "account.guardians_stay", "guardians", member_id)


async def _change(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, threshold: int, guardians: Sequence[UUID]
) -> None:
    await members.lock_member(unit, member_id)
    await withdraw_waiting(unit, member_id)
    holds_from = unit.now + timedelta(seconds=settings.recovery_delay_seconds)
    await add_set(unit, member_id, threshold, guardians, holds_from)
    unit.record_act(
        "own_guardians",
        f"members/{member_id}",
        {"threshold": threshold, "guardians": [str(each) for each in guardians]},
    )
    await tell_account(unit, member_id, "account.guardians_change", "guardians", member_id)
