"""Hide a union from the directory, and its public page from outsiders."""

from chassis.signatures import SignedAct
from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.act import OperatorAct
from services.identity.operators.domain.errors import AboutOneself, OperatorActInForce
from services.identity.operators.domain.powers import Power
from services.identity.operators.store import acts
from services.identity.operators.use_cases.check_reasons import check_reasons
from services.identity.operators.use_cases.keep_act import in_force, keep_act
from services.identity.operators.use_cases.new_act import Wanted
from services.identity.operators.use_cases.require_operator import require_operator
from services.identity.settings import IdentitySettings
from services.identity.store import unions
from services.identity.use_cases.find_union import union_of


async def hide_union(
    unit: UnitOfWork, settings: IdentitySettings, wanted: Wanted, signed: SignedAct
) -> OperatorAct:
    """Raises UnionNotFound, OperatorOnly, UnionDissolved, AboutOneself, OperatorActInForce,
    GroundNamesMember.
    """
    union = await union_of(unit, wanted.named, unions.lock_union)
    await require_operator(unit, wanted.operator_id)
    union.require_active()
    if union.head_id == wanted.operator_id:
        raise AboutOneself
    for present in await acts.acts_on_union(unit, Power.HIDE_UNION, union.id):
        if in_force(unit, present):
            raise OperatorActInForce(present.id)
    act = OperatorAct(
        id=unit.ids.new(),
        operator_id=wanted.operator_id,
        operator_handle="",
        power=Power.HIDE_UNION,
        member_id=None,
        union_id=union.id,
        head_id=union.head_id,
        picture=None,
        ground=wanted.ground,
        made_at=unit.now,
        until=None,
    )
    await check_reasons(unit, act, act.ground)
    return await keep_act(unit, settings, act, signed, "union.hidden")
