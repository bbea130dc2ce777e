"""A membership: a member in a union, from joining to leaving and coming back."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.identity.domain.errors import (
    AlreadyMember,
    CharterStale,
    FounderCannotLeave,
    MembershipBarred,
    NotAMember,
)
from services.identity.domain.union import NetworkUnion


class MembershipState(StrEnum):
    APPLIED = "applied"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    LEFT = "left"
    EXPELLED = "expelled"


class Role(StrEnum):
    """`founder`: who holds the founder's office, one of a union."""

    FOUNDER = "founder"
    MEMBER = "member"


@dataclass(frozen=True, slots=True)
class Membership:
    """One row per member and union for ever; `version` counts its states. `first_joined_at` never moves:
    who comes back is not new, and gets no second joining grant. `silent_since`: suspended then for silence
    about a material amendment, until they accept."""

    union_id: UUID
    member_id: UUID
    version: int
    state: MembershipState
    role: Role
    charter_version: int
    by_founder_invitation: bool
    invitation_id: UUID | None
    first_joined_at: datetime
    joined_at: datetime
    changed_at: datetime
    silent_since: datetime | None = None

    @property
    def is_silent(self) -> bool:
        return self.state is MembershipState.SUSPENDED and self.silent_since is not None


def found(union_id: UUID, founder_id: UUID, now: datetime) -> Membership:
    """The founder's own membership, under the first charter."""
    return Membership(
        union_id=union_id,
        member_id=founder_id,
        version=1,
        state=MembershipState.ACTIVE,
        role=Role.FOUNDER,
        charter_version=1,
        by_founder_invitation=False,
        invitation_id=None,
        first_joined_at=now,
        joined_at=now,
        changed_at=now,
    )


def require_acceptance(union: NetworkUnion, charter_version: int, charter_hash: str) -> None:
    """Raises CharterStale unless the charter in force was accepted."""
    if charter_version != union.charter_version or charter_hash.lower() != union.charter_hash:
        raise CharterStale(union.charter_version, union.charter_hash)


def join(
    union: NetworkUnion,
    member_id: UUID,
    previous: Membership | None,
    *,
    invitation_id: UUID | None,
    by_founder_invitation: bool,
    now: datetime,
) -> Membership:
    """The membership after joining; coming back is a new version of the old one.

    Raises AlreadyMember, MembershipBarred.
    """
    if previous is not None:
        if previous.state is MembershipState.ACTIVE:
            raise AlreadyMember(previous.joined_at)
        if previous.state in (MembershipState.SUSPENDED, MembershipState.EXPELLED):
            raise MembershipBarred(previous.state.value)
    return Membership(
        union_id=union.id,
        member_id=member_id,
        version=1 if previous is None else previous.version + 1,
        state=MembershipState.ACTIVE,
        role=Role.MEMBER,
        charter_version=union.charter_version,
        by_founder_invitation=by_founder_invitation,
        invitation_id=invitation_id,
        first_joined_at=now if previous is None else previous.first_joined_at,
        joined_at=now,
        changed_at=now,
    )


def leave(membership: Membership | None, other_members: int, now: datetime) -> Membership:
    """The membership after leaving, the same one for who has left; the founder is the last to go.

    Raises NotAMember, FounderCannotLeave.
    """
    if membership is None:
        raise NotAMember
    if membership.state is MembershipState.LEFT:
        return membership
    if membership.state not in (MembershipState.ACTIVE, MembershipState.SUSPENDED):
        raise NotAMember(membership.state.value)
    if membership.role is Role.FOUNDER and other_members > 0:
        raise FounderCannotLeave(other_members)
    return replace(
        membership,
        state=MembershipState.LEFT,
        version=membership.version + 1,
        silent_since=None,
        changed_at=now,
    )


def suspend(membership: Membership, now: datetime) -> Membership:
    """Out for a time, with the exit rights. Raises NotAMember for who is out already."""
    if membership.state is not MembershipState.ACTIVE:
        raise NotAMember(membership.state.value)
    return _in_state(membership, MembershipState.SUSPENDED, now)


def resume(membership: Membership, now: datetime) -> Membership:
    """Back from a suspension; the same one for who is not suspended any more, or for their silence."""
    if membership.state is not MembershipState.SUSPENDED or membership.is_silent:
        return membership
    return _in_state(membership, MembershipState.ACTIVE, now)


def expel(membership: Membership, now: datetime) -> Membership:
    """Out for good, also for who had left, so that they do not come back. Raises NotAMember."""
    if membership.state not in (MembershipState.ACTIVE, MembershipState.SUSPENDED, MembershipState.LEFT):
        raise NotAMember(membership.state.value)
    return _in_state(membership, MembershipState.EXPELLED, now)


def reinstate(membership: Membership, state: MembershipState, now: datetime) -> Membership:
    """What an expulsion that was reversed gives back; the same one for who is not expelled."""
    if membership.state is not MembershipState.EXPELLED:
        return membership
    return _in_state(membership, state, now)


def pass_role(head: Membership, heir: Membership, now: datetime) -> tuple[Membership, Membership]:
    """Who held the founder's office as a member like others, and the heir who holds it."""
    return (
        replace(head, role=Role.MEMBER, version=head.version + 1, changed_at=now),
        replace(heir, role=Role.FOUNDER, version=heir.version + 1, changed_at=now),
    )


def _in_state(membership: Membership, state: MembershipState, now: datetime) -> Membership:
    return replace(membership, state=state, version=membership.version + 1, silent_since=None, changed_at=now)
