"""Membership: founding, joining, leaving, coming back, and who may not."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from services.identity.domain.errors import (
    AlreadyMember,
    CharterStale,
    FounderCannotLeave,
    MembershipBarred,
    NotAMember,
    UnionDissolved,
)
from services.identity.domain.membership import (
    Membership,
    MembershipState,
    Role,
    found,
    join,
    leave,
    require_acceptance,
)
from services.identity.domain.union import NetworkUnion, UnionState, dissolve

NOW = datetime(2026, 3, 1, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
FOUNDER = UUID(int=1)
WORKER = UUID(int=2)
UNION = NetworkUnion(
    id=UUID(int=9),
    slug="lisbon",
    name="Lisbon",
    state=UnionState.ACTIVE,
    founder_id=FOUNDER,
    head_id=FOUNDER,
    version=1,
    charter_version=3,
    charter_hash="ab" * 32,
    founded_at=NOW,
)


def joined(
    previous: Membership | None = None, *, by_founder: bool = False, now: datetime = NOW
) -> Membership:
    return join(UNION, WORKER, previous, invitation_id=None, by_founder_invitation=by_founder, now=now)


def test_the_founder_is_a_member_from_the_first_moment() -> None:
    founder = found(UNION.id, FOUNDER, NOW)
    assert (founder.state, founder.role, founder.version) == (MembershipState.ACTIVE, Role.FOUNDER, 1)
    assert not founder.by_founder_invitation


def test_who_joins_is_active_under_the_charter_in_force() -> None:
    member = joined(by_founder=True)
    assert (member.state, member.role, member.version) == (MembershipState.ACTIVE, Role.MEMBER, 1)
    assert member.charter_version == 3
    assert member.by_founder_invitation


def test_coming_back_is_a_new_version_that_keeps_the_first_day() -> None:
    left = leave(joined(), other_members=5, now=LATER)
    back = joined(left, now=LATER + timedelta(days=1))
    assert back.version == 3
    assert back.first_joined_at == NOW
    assert back.joined_at == LATER + timedelta(days=1)


def test_who_is_in_does_not_join_again() -> None:
    with pytest.raises(AlreadyMember):
        joined(joined())


@pytest.mark.parametrize("state", [MembershipState.SUSPENDED, MembershipState.EXPELLED])
def test_who_is_suspended_or_expelled_does_not_come_back_by_joining(state: MembershipState) -> None:
    with pytest.raises(MembershipBarred) as refusal:
        joined(replace(joined(), state=state))
    assert refusal.value.state == state


@pytest.mark.parametrize(
    ("version", "content_hash"), [(2, UNION.charter_hash), (4, UNION.charter_hash), (3, "cd" * 32)]
)
def test_accepting_another_charter_than_the_one_in_force_is_stale(version: int, content_hash: str) -> None:
    with pytest.raises(CharterStale) as refusal:
        require_acceptance(UNION, version, content_hash)
    assert (refusal.value.charter_version, refusal.value.charter_hash) == (3, UNION.charter_hash)


def test_the_charter_in_force_is_accepted_in_either_case_of_hex() -> None:
    require_acceptance(UNION, 3, UNION.charter_hash.upper())


def test_a_member_leaves_at_any_time_also_while_suspended() -> None:
    assert leave(joined(), other_members=1, now=LATER).state is MembershipState.LEFT
    suspended = replace(joined(), state=MembershipState.SUSPENDED)
    assert leave(suspended, other_members=1, now=LATER).changed_at == LATER


@pytest.mark.parametrize("state", [None, MembershipState.APPLIED, MembershipState.EXPELLED])
def test_who_is_not_in_cannot_leave(state: MembershipState | None) -> None:
    membership = None if state is None else replace(joined(), state=state)
    with pytest.raises(NotAMember) as refusal:
        leave(membership, other_members=1, now=LATER)
    assert refusal.value.state == (state or "none")


def test_leaving_again_changes_nothing() -> None:
    left = leave(joined(), other_members=1, now=LATER)
    assert leave(left, other_members=1, now=LATER + timedelta(days=1)) is left


def test_the_founder_is_the_last_to_leave() -> None:
    founder = found(UNION.id, FOUNDER, NOW)
    with pytest.raises(FounderCannotLeave) as refusal:
        leave(founder, other_members=2, now=LATER)
    assert refusal.value.other_members == 2
    assert leave(founder, other_members=0, now=LATER).state is MembershipState.LEFT


def test_a_dissolved_union_says_so() -> None:
    ended = dissolve(UNION)
    assert ended.version == 2
    with pytest.raises(UnionDissolved):
        ended.require_active()
    UNION.require_active()
