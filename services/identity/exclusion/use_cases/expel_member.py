"""Propose to expel a member, hear them, decide, and hear their appeal."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import MembershipState, Role, expel, reinstate
from services.identity.domain.union import NetworkUnion
from services.identity.exclusion.domain import expulsion as rules
from services.identity.exclusion.domain.errors import (
    ExpulsionNotFound,
    ExpulsionOpen,
    FounderNotExcluded,
    NotExcludable,
    OwnCase,
    OwnDecision,
)
from services.identity.exclusion.domain.expulsion import Decision, Expulsion, ExpulsionState, Terms
from services.identity.exclusion.store import expulsions
from services.identity.exclusion.store.suspensions import running_suspension
from services.identity.exclusion.use_cases.come_back import under_present_rules
from services.identity.exclusion.use_cases.officers_union import is_officer, officers_union
from services.identity.exclusion.use_cases.suspend_member import excludable
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.settings import IdentitySettings
from services.identity.store import memberships, unions
from services.identity.use_cases.change_membership import change_membership
from services.identity.use_cases.find_union import union_of

END_APPEAL = "end_appeal"
EXCLUDABLE = (MembershipState.ACTIVE, MembershipState.SUSPENDED, MembershipState.LEFT)


def terms_of(settings: IdentitySettings) -> Terms:
    return Terms(
        timedelta(seconds=settings.hearing_seconds),
        timedelta(seconds=settings.expulsion_decision_seconds),
        timedelta(seconds=settings.appeal_seconds),
    )


async def propose_expulsion(
    unit: UnitOfWork, settings: IdentitySettings, officer_id: UUID, union: str, member: str, ground: str
) -> Expulsion:
    """Raises UnionNotFound, FounderOnly, MembershipNotFound, FounderNotExcluded, NotExcludable,
    ExpulsionOpen.
    """
    found = await officers_union(unit, union, officer_id)
    membership = await excludable(unit, found.id, member)
    if membership.state not in EXCLUDABLE:
        raise NotExcludable(membership.state.value)
    other = await expulsions.open_expulsion(unit, found.id, membership.member_id)
    if other is not None:
        raise ExpulsionOpen(other.id)
    case = rules.propose(
        found.id,
        unit.ids.new(),
        membership.member_id,
        officer_id,
        ground,
        terms_of(settings),
        unit.now,
    )
    await _keep(unit, found, case)
    await _tell(unit, settings, case, case.member_id, "expulsion.proposed", officer_id)
    return case


async def state_case(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, expulsion_id: UUID, text: str
) -> Expulsion:
    """What the member says.

    Raises UnionNotFound, ExpulsionNotFound, NotTheMemberConcerned, ExpulsionDecided.
    """
    found, case = await _case(unit, member_id, union, expulsion_id)
    after = rules.stated(case, member_id, text)
    await _keep(unit, found, after)
    await _tell(unit, settings, after, after.proposed_by, "expulsion.stated", member_id)
    return after


async def decide_expulsion(
    unit: UnitOfWork,
    settings: IdentitySettings,
    officer_id: UUID,
    union: str,
    expulsion_id: UUID,
    *,
    expels: bool,
    reasons: str,
) -> Expulsion:
    """Raises UnionNotFound, FounderOnly, ExpulsionNotFound, OwnCase, FounderNotExcluded, ExpulsionDecided,
    HearingRuns.
    """
    found = await officers_union(unit, union, officer_id)
    case = await _judged(unit, found, expulsion_id, officer_id)
    before = await memberships.membership_of(unit, found.id, case.member_id, lock=True)
    assert before is not None
    if expels and before.role is Role.FOUNDER:  # the office passed to them meanwhile
        raise FounderNotExcluded
    left_before = before.state is MembershipState.LEFT
    decision = Decision(officer_id, reasons, unit.now)
    after = rules.decided(case, decision, terms_of(settings), expels=expels, left_before=left_before)
    await _keep(unit, found, after)
    kind = "expulsion.decided" if expels else "expulsion.dropped"
    await _tell(unit, settings, after, after.member_id, kind, officer_id)
    if expels:
        await change_membership(unit, settings, before, expel(before, unit.now), officer_id)
    return after


async def appeal_expulsion(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, expulsion_id: UUID, text: str
) -> Expulsion:
    """Raises UnionNotFound, ExpulsionNotFound, NotTheMemberConcerned, ExpulsionDecided, AppealTooLate."""
    found, case = await _case(unit, member_id, union, expulsion_id)
    after = rules.appealed(case, member_id, text, terms_of(settings), unit.now)
    await _keep(unit, found, after)
    await unit.set_timer(END_APPEAL, f"{found.id}:{after.id}", after.decide_by)
    await _tell(unit, settings, after, found.head_id, "expulsion.appealed", member_id)
    return after


async def decide_appeal(
    unit: UnitOfWork,
    settings: IdentitySettings,
    officer_id: UUID,
    union: str,
    expulsion_id: UUID,
    *,
    upholds: bool,
    reasons: str,
) -> Expulsion:
    """Raises UnionNotFound, FounderOnly, ExpulsionNotFound, OwnCase, OwnDecision, ExpulsionDecided."""
    found = await officers_union(unit, union, officer_id)
    case = await _judged(unit, found, expulsion_id, officer_id)
    if case.decision is not None and case.decision.by == officer_id != found.head_id:
        raise OwnDecision
    decision = Decision(officer_id, reasons, unit.now)
    return await _end_appeal(unit, settings, found, case, decision, upholds=upholds)


async def end_appeal(unit: UnitOfWork, settings: IdentitySettings, key: str) -> None:
    """Nobody heard the appeal in time: it is won."""
    union_id, _, expulsion_id = key.partition(":")
    found = await unions.lock_union(unit, union_id)
    case = await expulsions.find_expulsion(unit, UUID(union_id), UUID(expulsion_id), lock=True)
    if found is not None and case is not None and case.state is ExpulsionState.APPEALED:
        await _end_appeal(unit, settings, found, case, None, upholds=False)


async def _end_appeal(
    unit: UnitOfWork,
    settings: IdentitySettings,
    union: NetworkUnion,
    case: Expulsion,
    decision: Decision | None,
    *,
    upholds: bool,
) -> Expulsion:
    after = rules.heard_again(case, decision, upholds=upholds)
    await _keep(unit, union, after)
    kind = "expulsion.upheld" if upholds else "expulsion.reversed"
    await _tell(unit, settings, after, after.member_id, kind, decision and decision.by)
    if upholds:
        return after
    before = await memberships.membership_of(unit, union.id, case.member_id, lock=True)
    assert before is not None
    state = await _state_before(unit, case)
    back = await under_present_rules(unit, settings.notice_gather, reinstate(before, state, unit.now))
    await change_membership(unit, settings, before, back, decision.by if decision else case.member_id)
    return after


async def _state_before(unit: UnitOfWork, case: Expulsion) -> MembershipState:
    if case.left_before:
        return MembershipState.LEFT
    is_suspended = await running_suspension(unit, case.union_id, case.member_id) is not None
    return MembershipState.SUSPENDED if is_suspended else MembershipState.ACTIVE


async def _case(
    unit: UnitOfWork, member_id: UUID, union: str, expulsion_id: UUID
) -> tuple[NetworkUnion, Expulsion]:
    """A case that the caller may see, locked."""
    found = await union_of(unit, union)
    case = await _locked(unit, found, expulsion_id)
    if case.member_id != member_id and not await is_officer(unit, found, member_id):
        raise ExpulsionNotFound(expulsion_id)
    return found, case


async def _judged(unit: UnitOfWork, union: NetworkUnion, expulsion_id: UUID, officer_id: UUID) -> Expulsion:
    case = await _locked(unit, union, expulsion_id)
    if case.member_id == officer_id:
        raise OwnCase
    return case


async def _locked(unit: UnitOfWork, union: NetworkUnion, expulsion_id: UUID) -> Expulsion:
    case = await expulsions.find_expulsion(unit, union.id, expulsion_id, lock=True)
    if case is None:
        raise ExpulsionNotFound(expulsion_id)
    return case


async def _keep(unit: UnitOfWork, union: NetworkUnion, case: Expulsion) -> None:
    await expulsions.save_expulsion(unit, case)
    unit.record_act(
        "expulsion",
        f"unions/{union.id}/expulsions/{case.id}",
        {"member_id": case.member_id, "state": case.state.value},
        union_id=union.id,
        charter_version=union.charter_version,
        on_behalf_of=f"member:{case.member_id}",
    )


async def _tell(
    unit: UnitOfWork, settings: IdentitySettings, case: Expulsion, member_id: UUID, kind: str, by: UUID | None
) -> None:
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=case.union_id,
        member_id=member_id,
        kind=kind,
        subject="expulsions",
        subject_id=case.id,
        actor_id=by,
    )
