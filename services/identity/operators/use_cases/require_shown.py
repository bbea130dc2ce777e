"""What operators hid or took down is not shown."""

from uuid import UUID

from chassis.files.house import Received
from chassis.unit_of_work import UnitOfWork
from services.identity.operators.domain.errors import PictureTakenDown, UnionHidden
from services.identity.operators.domain.powers import Power
from services.identity.operators.store import acts
from services.identity.operators.store.operators import is_operator
from services.identity.operators.use_cases.keep_act import in_force
from services.identity.store import memberships


async def require_shown(unit: UnitOfWork, union_id: UUID, reader_id: UUID | None) -> None:
    """Raises UnionHidden, for who was never a member of it and is no operator."""
    hiding = [
        act for act in await acts.acts_on_union(unit, Power.HIDE_UNION, union_id) if in_force(unit, act)
    ]
    if not hiding:
        return
    if reader_id is not None:
        if await memberships.membership_of(unit, union_id, reader_id) is not None:
            return
        if await is_operator(unit, reader_id):
            return
    raise UnionHidden(hiding[0].id)


async def require_picture(unit: UnitOfWork, member_id: UUID, received: Received) -> None:
    """By what would be shown: another file with the same picture is the same. Raises PictureTakenDown."""
    # Older acts name the file as it was sent.
    digests = (received.content_digest, received.digest)
    for act in await acts.acts_on_member(unit, Power.REMOVE_PICTURE, member_id):
        if act.picture in digests and in_force(unit, act):
            raise PictureTakenDown(act.id)
