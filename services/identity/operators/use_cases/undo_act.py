"""Undo what an operator did: any operator may, of what is not about themselves."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.act import OperatorAct, Ruling, RulingKind, require_about_another
from services.identity.operators.domain.errors import OperatorActOver
from services.identity.operators.domain.powers import Power
from services.identity.operators.store import acts
from services.identity.operators.use_cases.check_reasons import check_reasons
from services.identity.operators.use_cases.keep_act import log_act, tell_concerned
from services.identity.operators.use_cases.read_acts import act_of
from services.identity.operators.use_cases.require_operator import require_operator
from services.identity.settings import IdentitySettings

GIVEN_BACK = {
    Power.LOCK_MEMBER: "account.operator_unlocked",
    Power.HIDE_UNION: "union.shown",
    Power.REMOVE_PICTURE: "account.picture_allowed",
}
"""By what was done, what whom it was about is told when it ends."""


async def undo_act(
    unit: UnitOfWork, settings: IdentitySettings, operator_id: UUID, act_id: UUID, reasons: str
) -> OperatorAct:
    """Raises OperatorOnly, OperatorActNotFound, AboutOneself, OperatorActOver, GroundNamesMember."""
    await require_operator(unit, operator_id)
    act = await act_of(unit, act_id)
    require_about_another(act, operator_id)
    act.require_in_force(unit.now)
    await check_reasons(unit, act, reasons)
    ruling = Ruling(operator_id, "", RulingKind.UNDONE, reasons, unit.now)
    if not await acts.add_ruling(unit, act_id, ruling):
        raise OperatorActOver(RulingKind.UNDONE.value)
    log_act(unit, act, {"ruling": RulingKind.UNDONE.value})
    await tell_concerned(unit, settings, act, GIVEN_BACK[act.power], operator_id)
    return await act_of(unit, act_id)
