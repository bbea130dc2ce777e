"""An act that an operator wants, before it is kept."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import MemberNotFound
from services.identity.domain.profile import Profile
from services.identity.operators.domain.act import OperatorAct, check_ground
from services.identity.operators.domain.errors import AboutOneself, OperatorOnly
from services.identity.operators.domain.powers import Power
from services.identity.operators.store.operators import is_operator
from services.identity.store import members


@dataclass(frozen=True, slots=True)
class Wanted:
    """`named`: the member or the union, by handle, slug or id."""

    operator_id: UUID
    named: str
    ground: str


async def member_to_act_on(unit: UnitOfWork, wanted: Wanted) -> Profile:
    """The member, held. Raises OperatorOnly, MemberNotFound, AboutOneself, GroundNamesMember."""
    if not await is_operator(unit, wanted.operator_id):
        raise OperatorOnly
    profile = await members.profile_named(unit, wanted.named)
    if profile is None:
        raise MemberNotFound(wanted.named)
    if profile.member_id == wanted.operator_id:
        raise AboutOneself
    check_ground(wanted.ground, profile.handle, profile.name, str(profile.member_id))
    # In one order: two operators may mean each other.
    for held in sorted((wanted.operator_id, profile.member_id)):
        await members.lock_member(unit, held)
    if not await is_operator(unit, wanted.operator_id):
        raise OperatorOnly
    return profile


def act_on_member(
    unit: UnitOfWork,
    wanted: Wanted,
    power: Power,
    member_id: UUID,
    *,
    picture: bytes | None = None,
    until: datetime | None = None,
) -> OperatorAct:
    return OperatorAct(
        id=unit.ids.new(),
        operator_id=wanted.operator_id,
        operator_handle="",
        power=power,
        member_id=member_id,
        union_id=None,
        head_id=None,
        picture=picture,
        ground=wanted.ground,
        made_at=unit.now,
        until=until,
    )
