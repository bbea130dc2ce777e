"""Appeal against what an operator did, once; another operator decides, or nobody does and it is won."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_account
from services.identity.operators.domain.act import (
    OperatorAct,
    Ruling,
    RulingKind,
    appealed,
    require_decidable,
)
from services.identity.operators.domain.errors import AppealMade, NoAppealWaits
from services.identity.operators.domain.powers import Power
from services.identity.operators.store import acts, operators
from services.identity.operators.use_cases.check_reasons import check_reasons
from services.identity.operators.use_cases.keep_act import SUBJECT, log_act, tell_concerned
from services.identity.operators.use_cases.read_acts import act_of
from services.identity.operators.use_cases.require_operator import require_operator
from services.identity.operators.use_cases.undo_act import GIVEN_BACK
from services.identity.settings import IdentitySettings

UPHELD = {
    Power.LOCK_MEMBER: "account.operator_upheld",
    Power.HIDE_UNION: "union.hiding_upheld",
    Power.REMOVE_PICTURE: "account.operator_upheld",
}


async def appeal_act(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, act_id: UUID, text: str
) -> OperatorAct:
    """Raises OperatorActNotFound, NotConcerned, AppealMade, OperatorActOver."""
    act = await act_of(unit, act_id)
    lasts = timedelta(seconds=settings.operator_appeal_seconds)
    if not await acts.add_appeal(unit, act_id, appealed(act, member_id, text, lasts, unit.now)):
        raise AppealMade
    log_act(unit, act, {"appealed": True})
    for one in await operators.list_operators(unit, None, settings.operators_max):
        if one.member_id != member_id:
            await tell_account(unit, one.member_id, "operator.appealed", SUBJECT, act_id, member_id)
    return await act_of(unit, act_id)


async def decide_operator_appeal(
    unit: UnitOfWork,
    settings: IdentitySettings,
    operator_id: UUID,
    act_id: UUID,
    *,
    upholds: bool,
    reasons: str,
) -> OperatorAct:
    """Who did it decides only where they are the one operator there is.

    Raises OperatorOnly, OperatorActNotFound, AboutOneself, NoAppealWaits, OperatorActOver, OwnOperatorAct,
    GroundNamesMember.
    """
    await require_operator(unit, operator_id)
    act = await act_of(unit, act_id)
    barred = (operator_id, act.concerned_id, act.appeal and act.appeal.member_id)
    others = [
        one
        for one in await operators.list_operators(unit, None, settings.operators_max)
        if one.member_id not in barred
    ]
    require_decidable(act, operator_id, is_only_one=not others, now=unit.now)
    await check_reasons(unit, act, reasons)
    kind = RulingKind.UPHELD if upholds else RulingKind.REVERSED
    if not await acts.add_ruling(unit, act_id, Ruling(operator_id, "", kind, reasons, unit.now)):
        raise NoAppealWaits
    log_act(unit, act, {"ruling": kind.value})
    said = UPHELD if upholds else GIVEN_BACK
    await tell_concerned(unit, settings, act, said[act.power], operator_id)
    return await act_of(unit, act_id)
