"""Name an operator, or take the role back: on the machine alone, nobody does it through the interface."""

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MemberNotFound
from services.identity.domain.profile import Profile
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.operators.domain.errors import AlreadyOperator, NoOperator, OperatorsReached
from services.identity.operators.store import operators
from services.identity.settings import IdentitySettings
from services.identity.store import members


async def name_operator(unit: UnitOfWork, settings: IdentitySettings, member: str, because: str) -> Profile:
    """`member`: handle or id. Raises MemberNotFound, AlreadyOperator, OperatorsReached."""
    profile = await _held(unit, member)
    if await operators.is_operator(unit, profile.member_id):
        raise AlreadyOperator
    present = await operators.list_operators(unit, None, settings.operators_max)
    if len(present) >= settings.operators_max:
        raise OperatorsReached(settings.operators_max)
    await _change(unit, profile, is_operator=True, because=because)
    return profile


async def remove_operator(unit: UnitOfWork, member: str, because: str) -> Profile:
    """`member`: handle or id. What they did stays. Raises MemberNotFound, NoOperator."""
    profile = await _held(unit, member)
    if not await operators.is_operator(unit, profile.member_id):
        raise NoOperator
    await _change(unit, profile, is_operator=False, because=because)
    return profile


async def _held(unit: UnitOfWork, member: str) -> Profile:
    profile = await members.profile_named(unit, member)
    if profile is None:
        raise MemberNotFound(member)
    await members.lock_member(unit, profile.member_id)
    return profile


async def _change(unit: UnitOfWork, profile: Profile, *, is_operator: bool, because: str) -> None:
    await operators.add_change(unit, profile.member_id, is_operator=is_operator, because=because)
    unit.record_act(
        "machine",
        f"operators/{profile.member_id}",
        {"is_operator": is_operator},
        on_behalf_of=f"member:{profile.member_id}",
    )
    kind = "operator.named" if is_operator else "operator.removed"
    await tell_account(unit, profile.member_id, kind, "operators", profile.member_id)
