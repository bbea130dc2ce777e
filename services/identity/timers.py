"""Identity's timers: kind -> use case."""

from datetime import timedelta
from functools import partial
from uuid import UUID

from chassis.timers import Timer, Timers
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.use_cases.end_list import END_INVITATION_LIST, end_links_of_list
from services.identity.admission.use_cases.review_application import ADMIT_WAITING, admit_waiting
from services.identity.admission.use_cases.set_growth_target import JUDGE_GROWTH, judge_growth
from services.identity.businesses.use_cases.follow_membership import FOLLOW_IN_BUSINESSES, follow_now
from services.identity.deletion.use_cases.ask_deletion import DELETE_ACCOUNT
from services.identity.deletion.use_cases.carry_out_deletion import carry_out_deletion
from services.identity.exclusion.use_cases.expel_member import END_APPEAL, end_appeal
from services.identity.exclusion.use_cases.suspend_member import END_SUSPENSION, end_suspension
from services.identity.recovery.use_cases.ask_recovery import COMPLETE_RECOVERY
from services.identity.recovery.use_cases.complete_recovery import complete_recovery
from services.identity.settings import IdentitySettings
from services.identity.succession.use_cases.claim_office import MEET_CLAIM, meet_claim
from services.identity.use_cases.amend_charter import ASK_MEMBERS, END_GRACE
from services.identity.use_cases.ask_members import ask_members
from services.identity.use_cases.end_grace import end_grace
from services.identity.use_cases.forget_expired import forget_expired

FORGET_EXPIRED = "forget_expired"


def identity_timers(settings: IdentitySettings, looks_key: bytes) -> Timers:
    """One that the first migration set, and that sets itself again; those of recoveries, suspensions,
    appeals, claims of heirs, deletions, material amendments, of changes of memberships that businesses
    follow, of lists of people that have ended, of those who wait to be admitted, and of targets of growth.
    `looks_key`: under which handles of the erased are kept."""
    timers = Timers()

    @timers.on(FORGET_EXPIRED)
    async def forget(unit: UnitOfWork, timer: Timer) -> None:
        await forget_expired(unit, settings)
        pause = timedelta(seconds=settings.forget_pause_seconds)
        await unit.set_timer(timer.kind, timer.key, unit.now + pause)

    @timers.on(COMPLETE_RECOVERY)
    async def complete(unit: UnitOfWork, timer: Timer) -> None:
        await complete_recovery(unit, UUID(timer.key))

    @timers.on(END_SUSPENSION)
    async def end(unit: UnitOfWork, timer: Timer) -> None:
        await end_suspension(unit, settings, timer.key)

    @timers.on(END_APPEAL)
    async def win(unit: UnitOfWork, timer: Timer) -> None:
        await end_appeal(unit, settings, timer.key)

    @timers.on(MEET_CLAIM)
    async def meet(unit: UnitOfWork, timer: Timer) -> None:
        await meet_claim(unit, settings, timer.key)

    timers.on(DELETE_ACCOUNT)(partial(carry_out_deletion, settings, looks_key))
    timers.on(ASK_MEMBERS)(partial(ask_members, settings))
    timers.on(END_GRACE)(partial(end_grace, settings))
    timers.on(FOLLOW_IN_BUSINESSES)(partial(follow_now, settings))

    @timers.on(END_INVITATION_LIST)
    async def end_links(unit: UnitOfWork, timer: Timer) -> None:
        await end_links_of_list(unit, timer.key, settings.invitation_list_batch_max)

    @timers.on(ADMIT_WAITING)
    async def admit(unit: UnitOfWork, timer: Timer) -> None:
        await admit_waiting(unit, settings, UUID(timer.key))

    @timers.on(JUDGE_GROWTH)
    async def judge(unit: UnitOfWork, timer: Timer) -> None:
        await judge_growth(unit, timer.key)

    return timers
