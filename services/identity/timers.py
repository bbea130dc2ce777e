"""Identity's timers: kind -> use case."""

from datetime import timedelta

from chassis.timers import Timer, Timers
from chassis.unit_of_work import UnitOfWork
from services.identity.settings import IdentitySettings
from services.identity.use_cases.forget_expired import forget_expired

FORGET_EXPIRED = "forget_expired"


def identity_timers(settings: IdentitySettings) -> Timers:
    """One timer, set by the first migration, that sets itself again."""
    timers = Timers()

    @timers.on(FORGET_EXPIRED)
    async def forget(unit: UnitOfWork, timer: Timer) -> None:
        await forget_expired(unit, settings)
        pause = timedelta(seconds=settings.forget_pause_seconds)
        await unit.set_timer(timer.kind, timer.key, unit.now + pause)

    return timers
