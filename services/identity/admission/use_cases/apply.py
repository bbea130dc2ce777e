"""Apply to a union, accepting its charter; withdraw; appeal against a refusal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.application import (
    Application,
    ApplicationState,
    answered,
    appealed,
    require_may_apply,
    withdrawn,
)
from services.identity.admission.domain.errors import (
    ApplicationNotAsked,
    ApplicationNotFound,
    ApplicationOpen,
)
from services.identity.admission.store import applications
from services.identity.admission.use_cases.begin_membership import membership_in
from services.identity.domain.admission_rule import Way, parse_rule, ways_of
from services.identity.domain.membership import require_acceptance
from services.identity.domain.union import NetworkUnion
from services.identity.notices.use_cases.take_notices import tell_members
from services.identity.offices.use_cases.may import holders_of
from services.identity.settings import IdentitySettings
from services.identity.store import joining, unions
from services.identity.store.joining import JoiningScene
from services.identity.use_cases.find_union import Find, union_of

RIGHT = "apply"


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody who applies says, and accepts."""

    answers: Sequence[str]
    charter_version: int
    charter_hash: str


async def apply(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, asked: Asked
) -> Application:
    """Raises UnionNotFound, UnionDissolved, AlreadyMember, MembershipBarred, CharterStale,
    ApplicationNotAsked, AnswersWrong, ApplicationOpen, ApplicationRefusedLately."""
    found = await union_of(unit, union)
    scene = await _require_outside(unit, found.id, member_id)
    scene.union.require_active()
    require_acceptance(scene.union, asked.charter_version, asked.charter_hash)
    if Way("application") not in ways_of(parse_rule(scene.admission)):
        raise ApplicationNotAsked(scene.admission)
    answers = answered(await applications.questions_of(unit, found.id), asked.answers)
    last = await applications.last_application(unit, found.id, member_id)
    require_may_apply(last, timedelta(seconds=settings.application_again_seconds), unit.now)
    made = Application(
        id=unit.ids.new(),
        union_id=found.id,
        applicant_id=member_id,
        state=ApplicationState.APPLIED,
        answers=answers,
        charter_version=scene.union.charter_version,
        charter_hash=scene.union.charter_hash,
        applied_at=unit.now,
    )
    if not await applications.add_application(unit, made):
        raise ApplicationOpen(ApplicationState.APPLIED.value)
    _record(unit, scene.union, made, {"charter_hash": made.charter_hash})
    await tell_admitters(unit, settings, scene.union, member_id, "application.made")
    return made


async def own_application(unit: UnitOfWork, member_id: UUID, union: str) -> tuple[Application, int | None]:
    """The last one, and the place on the waiting list. Raises UnionNotFound, ApplicationNotFound."""
    found = await union_of(unit, union)
    last = await applications.last_application(unit, found.id, member_id)
    if last is None:
        raise ApplicationNotFound
    return last, await applications.place_of(unit, last)


async def withdraw(unit: UnitOfWork, member_id: UUID, union: str) -> Application:
    """A repeat changes nothing. Raises UnionNotFound, ApplicationNotFound, ApplicationDecided."""
    found, last = await _locked(unit, member_id, union)
    if last.state is ApplicationState.WITHDRAWN:
        return last
    after = withdrawn(last, unit.now)
    await applications.save_application(unit, after)
    _record(unit, found, after, {"state": after.state.value})
    return after


async def appeal(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, text: str
) -> Application:
    """Raises UnionNotFound, AlreadyMember, MembershipBarred, ApplicationNotFound, ApplicationDecided,
    AppealedOnce."""
    found, last = await _locked(unit, member_id, union, unions.share_union)
    await _require_outside(unit, found.id, member_id)
    after = appealed(last, text, unit.now)
    await applications.save_application(unit, after)
    _record(unit, found, after, {"state": "appealed"})
    await tell_admitters(unit, settings, found, member_id, "application.appealed")
    return after


async def tell_admitters(
    unit: UnitOfWork, settings: IdentitySettings, union: NetworkUnion, actor_id: UUID, kind: str
) -> None:
    """Everybody who may decide on it."""
    await tell_members(
        unit,
        settings.notice_gather,
        union_id=union.id,
        member_ids=await holders_of(unit, Right.ADMIT, union),
        kind=kind,
        subject="memberships",
        subject_id=union.id,
        actor_id=actor_id,
    )


async def _require_outside(unit: UnitOfWork, union_id: UUID, member_id: UUID) -> JoiningScene:
    """Raises AlreadyMember, MembershipBarred."""
    scene = await joining.joining_scene(unit, union_id, member_id, None)
    assert scene is not None
    await membership_in(unit, scene, member_id)
    return scene


async def _locked(
    unit: UnitOfWork, member_id: UUID, union: str, find: Find = unions.union_named
) -> tuple[NetworkUnion, Application]:
    found = await union_of(unit, union, find)
    last = await applications.last_application(unit, found.id, member_id, lock=True)
    if last is None:
        raise ApplicationNotFound
    return found, last


def _record(
    unit: UnitOfWork, union: NetworkUnion, application: Application, changed: dict[str, object]
) -> None:
    unit.record_act(
        RIGHT,
        f"unions/{union.id}/applications/{application.id}",
        changed,
        union_id=union.id,
        charter_version=application.charter_version,
    )
