"""Lock a member's account: their sessions end, and those that follow read and have the exit rights alone."""

from datetime import timedelta

from chassis.signatures import SignedAct
from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.act import OperatorAct
from services.identity.operators.domain.errors import LockTooLong, OperatorActInForce, OperatorNotLocked
from services.identity.operators.domain.powers import Power
from services.identity.operators.store import acts
from services.identity.operators.store.operators import is_operator
from services.identity.operators.use_cases.keep_act import in_force, keep_act
from services.identity.operators.use_cases.new_act import Wanted, act_on_member, member_to_act_on
from services.identity.settings import IdentitySettings
from services.identity.store import revocations, sessions


async def lock_member(
    unit: UnitOfWork, settings: IdentitySettings, wanted: Wanted, signed: SignedAct, seconds: int
) -> OperatorAct:
    """Raises OperatorOnly, LockTooLong, MemberNotFound, GroundNamesMember, OperatorNotLocked,
    OperatorActInForce.
    """
    # Who signs in at the same time has done so by then, or finds the lock.
    profile = await member_to_act_on(unit, wanted)
    if seconds > settings.operator_lock_seconds_max:
        raise LockTooLong(settings.operator_lock_seconds_max)
    member_id = profile.member_id
    if await is_operator(unit, member_id):
        raise OperatorNotLocked
    for present in await acts.acts_on_member(unit, Power.LOCK_MEMBER, member_id):
        if in_force(unit, present):
            raise OperatorActInForce(present.id)
    act = act_on_member(
        unit, wanted, Power.LOCK_MEMBER, member_id, until=unit.now + timedelta(seconds=seconds)
    )
    kept = await keep_act(unit, settings, act, signed, "account.operator_locked")
    for session_id in await sessions.end_sessions(unit, member_id, "operator_locked"):
        await revocations.record_ended_session(unit, session_id, member_id)
    return kept
