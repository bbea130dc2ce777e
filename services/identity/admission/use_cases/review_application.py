"""Admit who applied, at once or by the waiting list, or refuse them with a ground."""

from collections.abc import Sequence
from datetime import UTC, datetime, time, timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.application import (
    Application,
    ApplicationState,
    admitted,
    refused,
    turn_came,
    withdrawn,
)
from services.identity.admission.domain.errors import ApplicantBarred, ApplicationNotFound, QuestionsLimit
from services.identity.admission.store import applications
from services.identity.admission.store.applications import Applicant
from services.identity.admission.use_cases.begin_membership import begin_membership, membership_in
from services.identity.admission.use_cases.find_union import Admitter, admitter_of
from services.identity.admission.use_cases.require_admission import facts_of
from services.identity.domain.admission_rule import admits, parse_rule
from services.identity.domain.errors import AlreadyMember, MembershipBarred
from services.identity.domain.membership import Membership
from services.identity.domain.union import NetworkUnion, UnionState
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.settings import IdentitySettings
from services.identity.store import charters, joining, unions
from services.identity.store.joining import JoiningScene

ADMIT_WAITING = "admit_waiting"
RIGHT = "admit"
BATCH_MAX = 50
Beginning = tuple[JoiningScene, Membership]
"""What joining looks at, and the membership as it would begin now."""


async def ask_questions(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, questions: Sequence[str]
) -> None:
    """Of who applies from now on. Raises UnionNotFound, FounderOnly, QuestionsLimit."""
    admitter = await admitter_of(unit, union, member_id, "ask questions of who applies")
    if len(questions) > settings.admission_questions_max:
        raise QuestionsLimit(settings.admission_questions_max)
    await applications.set_questions(unit, admitter.union.id, member_id, questions)
    admitter.record(unit, RIGHT, "admission-questions", {"questions": questions})


async def list_applications(
    unit: UnitOfWork, member_id: UUID, union: str, state: ApplicationState, after: UUID | None, limit: int
) -> Sequence[Applicant]:
    """The oldest first, one more than the limit where there are more. Raises UnionNotFound, FounderOnly."""
    admitter = await admitter_of(unit, union, member_id, "review applications")
    return await applications.applications_in(unit, admitter.union.id, member_id, state, after, limit)


async def admit(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, application_id: UUID
) -> Application:
    """The membership begins at once where the rule asks for nothing else and the charter is the accepted one.

    Raises UnionNotFound, UnionDissolved, FounderOnly, ApplicationNotFound, OwnApplication,
    ApplicationDecided, ApplicantBarred.
    """
    admitter, asked = await _reviewed(unit, member_id, union, application_id)
    found = admitter.union
    limit = await _daily_limit(unit, found)
    admitted(asked, member_id, waits=False, now=unit.now)  # refuses before the day is counted
    beginning = await _beginning(unit, asked)
    others_wait = await applications.has_waiting(unit, found.id)
    waits = limit > 0 and others_wait
    waits = waits or not await applications.count_admission(unit, found.id, unit.now.date(), limit)
    after = admitted(asked, member_id, waits=waits, now=unit.now)
    _record(unit, admitter, after)
    if waits:
        await applications.save_application(unit, after)
        if not others_wait:  # else it is set, and may be due
            await unit.set_timer(ADMIT_WAITING, str(found.id), _next_day(unit.now))
        await _tell(unit, settings, after, "application.waiting", member_id)
        return after
    return await _let_in(unit, settings, after, beginning)


async def refuse(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    application_id: UUID,
    ground: str,
) -> Application:
    """Raises UnionNotFound, UnionDissolved, FounderOnly, ApplicationNotFound, OwnApplication,
    ApplicationDecided."""
    admitter, asked = await _reviewed(unit, member_id, union, application_id)
    after = refused(asked, member_id, ground, unit.now)
    await applications.save_application(unit, after)
    _record(unit, admitter, after)
    await _tell(unit, settings, after, "application.refused", member_id)
    return after


async def admit_waiting(unit: UnitOfWork, settings: IdentitySettings, union_id: UUID) -> None:
    """In order, as many as the day takes; sets its timer again while somebody waits. Who may not come in by
    now takes no place of the day."""
    found = await unions.share_union(unit, str(union_id))
    if found is None or found.state is not UnionState.ACTIVE:
        return
    limit = await _daily_limit(unit, found)
    for asked in await applications.next_waiting(unit, union_id, BATCH_MAX):
        try:
            beginning = await _beginning(unit, asked)
        except ApplicantBarred:
            await applications.save_application(unit, withdrawn(asked, unit.now))
            continue
        if not await applications.count_admission(unit, union_id, unit.now.date(), limit):
            await unit.set_timer(ADMIT_WAITING, str(union_id), _next_day(unit.now))
            return
        await _let_in(unit, settings, turn_came(asked), beginning)
    if await applications.has_waiting(unit, union_id):
        await unit.set_timer(ADMIT_WAITING, str(union_id), unit.now)


async def begin_if_admitted(
    unit: UnitOfWork, settings: IdentitySettings, union_id: UUID, applicant_id: UUID
) -> bool:
    """The membership of who was admitted, under the charter that they accepted; False where the rule asks
    for more, or another charter is in force by now: then they join themselves."""
    asked = await applications.last_application(unit, union_id, applicant_id, lock=True)
    if asked is None or asked.state is not ApplicationState.ADMITTED or not asked.is_open:
        return False
    try:
        return await _begin(unit, settings, asked, await _beginning(unit, asked))
    except ApplicantBarred:
        return False


async def _let_in(
    unit: UnitOfWork, settings: IdentitySettings, asked: Application, beginning: Beginning
) -> Application:
    await applications.save_application(unit, asked)
    begun = await _begin(unit, settings, asked, beginning)
    await _tell(unit, settings, asked, "application.admitted", asked.decided_by)
    if not begun:
        return asked
    after = await applications.last_application(unit, asked.union_id, asked.applicant_id)
    assert after is not None
    return after


async def _beginning(unit: UnitOfWork, asked: Application) -> Beginning:
    """Raises ApplicantBarred."""
    scene = await joining.joining_scene(unit, asked.union_id, asked.applicant_id, None)
    assert scene is not None
    try:
        return scene, await membership_in(unit, scene, asked.applicant_id)
    except (AlreadyMember, MembershipBarred) as fact:
        raise ApplicantBarred from fact


async def _begin(
    unit: UnitOfWork, settings: IdentitySettings, asked: Application, beginning: Beginning
) -> bool:
    scene, membership = beginning
    accepted = (scene.union.charter_version, scene.union.charter_hash)
    rule = parse_rule(scene.admission)
    if accepted != (asked.charter_version, asked.charter_hash):
        return False
    if not admits(rule, await facts_of(unit, settings, scene, asked.applicant_id, rule)):
        return False
    await begin_membership(unit, settings, scene, membership)
    return True


async def _reviewed(
    unit: UnitOfWork, member_id: UUID, union: str, application_id: UUID
) -> tuple[Admitter, Application]:
    admitter = await admitter_of(unit, union, member_id, "review applications", unions.share_union)
    admitter.union.require_active()
    asked = await applications.lock_application(unit, admitter.union.id, application_id)
    if asked is None:
        raise ApplicationNotFound
    return admitter, asked


async def _daily_limit(unit: UnitOfWork, union: NetworkUnion) -> int:
    adopted = await charters.charter_version(unit, union.id, union.charter_version)
    assert adopted is not None
    return adopted.charter.parameters.admissions_per_day


def _next_day(now: datetime) -> datetime:
    """A day is one of UTC."""
    return datetime.combine(now.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def _record(unit: UnitOfWork, admitter: Admitter, asked: Application) -> None:
    changed = {"state": asked.state.value, "applicant_id": asked.applicant_id}
    admitter.record(unit, RIGHT, f"applications/{asked.id}", changed)


async def _tell(
    unit: UnitOfWork, settings: IdentitySettings, asked: Application, kind: str, actor_id: UUID | None
) -> None:
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=asked.union_id,
        member_id=asked.applicant_id,
        kind=kind,
        subject="unions",
        subject_id=asked.union_id,
        actor_id=actor_id,
    )
