"""Have a member told of something: the request commits with what happened, and carries ids alone."""

from chassis.unit_of_work import UnitOfWork
from events.notices import NoticeRequested


def tell(unit: UnitOfWork, notice: NoticeRequested) -> None:
    """`notice`: of the service's own type. Nobody is told of what they did themselves."""
    if notice.actor_id != notice.member_id:
        unit.publish(notice, is_awaited=False)
