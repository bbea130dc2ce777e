"""Tell members that the rules changed, and that they are asked to accept them anew."""

from chassis.timers import Timer
from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_members
from services.identity.settings import IdentitySettings
from services.identity.store import acceptances
from services.identity.use_cases.walk_members import asking_of, walk_on


async def ask_members(settings: IdentitySettings, unit: UnitOfWork, timer: Timer) -> None:
    """One stretch of the union. A newer material amendment asks everybody itself: this one then ends."""
    asking = await asking_of(unit, timer)
    if await acceptances.newest_asking(unit, asking.union_id) != asking:
        return
    due = await walk_on(unit, timer, asking, settings.acceptance_stretch_max_count)
    await tell_members(
        unit,
        settings.notice_gather,
        union_id=asking.union_id,
        member_ids=due,
        kind="charter.amended",
        subject="charter",
        subject_id=asking.union_id,
        actor_id=asking.author_id,
    )
