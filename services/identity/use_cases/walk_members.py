"""The walk of a timer through those whom a material amendment asks: a stretch a transaction."""

from datetime import UTC, datetime
from uuid import UUID

from chassis.timers import Timer
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.acceptance import Asking
from services.identity.store import acceptances
from services.identity.store.acceptances import Place

_BEGIN = Place(datetime(1970, 1, 1, tzinfo=UTC), UUID(int=0))


async def asking_of(unit: UnitOfWork, timer: Timer) -> Asking:
    """What the timer's amendment asks."""
    union_id, _, version = timer.key.partition(":")
    asking = await acceptances.asking_of(unit, UUID(union_id), int(version))
    assert asking is not None
    return asking


async def walk_on(unit: UnitOfWork, timer: Timer, asking: Asking, limit: int) -> list[UUID]:
    """Who is due in the next stretch; where more follows, the timer goes on behind it at once."""
    after = _BEGIN
    if timer.payload:
        joined_at, member_id = timer.payload["joined_at"], timer.payload["member_id"]
        after = Place(datetime.fromisoformat(joined_at), UUID(member_id))
    stretch = await acceptances.walk(unit, asking, after, limit)
    if stretch.after is not None:
        place = {"joined_at": stretch.after.joined_at.isoformat(), "member_id": stretch.after.member_id}
        await unit.set_timer(timer.kind, timer.key, max(unit.now, timer.due), place)
    return stretch.due
