"""A public reason names nobody whom it is about."""

from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.act import OperatorAct, check_ground
from services.identity.store import members, unions


async def check_reasons(unit: UnitOfWork, act: OperatorAct, text: str) -> None:
    """Neither the member nor the union, who holds its office or who appealed. Raises GroundNamesMember."""
    names: list[str] = []
    for member_id in {act.concerned_id, act.appeal and act.appeal.member_id}:
        profile = member_id and await members.profile_of(unit, member_id)
        if profile:
            names += (profile.handle, profile.name, str(member_id))
    if act.union_id is not None:
        union = await unions.union_named(unit, str(act.union_id))
        assert union is not None
        names += (union.slug, union.name, str(union.id))
    check_ground(text, *names)
