"""Re-acceptance: what a material amendment asks of members, and what their silence is."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.domain.charter import Charter, is_material
from services.identity.domain.errors import NotAMember
from services.identity.domain.membership import Membership, MembershipState, Role
from services.identity.domain.union import NetworkUnion


class BySilence(StrEnum):
    """The words of the parameter `acceptance_by_silence`."""

    ACCEPTS = "accepts"
    SUSPENDS = "suspends"
    LEAVES = "leaves"


class AcceptanceState(StrEnum):
    """`overdue`: silence is about to have its consequence, or has had it."""

    ACCEPTED = "accepted"
    DUE = "due"
    BY_SILENCE = "accepted_by_silence"
    OVERDUE = "overdue"


@dataclass(frozen=True, slots=True)
class Asking:
    """A material version: members accept it, or a later one, before `grace_ends_at`."""

    union_id: UUID
    charter_version: int
    author_id: UUID
    adopted_at: datetime
    grace_ends_at: datetime
    by_silence: BySilence


@dataclass(frozen=True, slots=True)
class Terms:
    """How members are asked about an amendment."""

    grace_ends_at: datetime
    by_silence: BySilence


def terms_of(before: Charter, after: Charter, now: datetime) -> Terms | None:
    """None where nobody is asked. Grace and silence are those of the charter *before*, which the members
    know: no amendment shortens its own grace."""
    if not is_material(before, after):
        return None
    parameters = before.parameters
    return Terms(
        now + timedelta(seconds=parameters.acceptance_grace_seconds),
        BySilence(parameters.acceptance_by_silence),
    )


def acceptance_state(membership: Membership, asking: Asking | None, now: datetime) -> AcceptanceState:
    """`asking`: the most pressing material version after the one that the member accepted."""
    if asking is None or membership.charter_version >= asking.charter_version:
        return AcceptanceState.ACCEPTED
    if now < asking.grace_ends_at:
        return AcceptanceState.DUE
    if asking.by_silence is BySilence.ACCEPTS or membership.role is Role.FOUNDER:
        return AcceptanceState.BY_SILENCE
    return AcceptanceState.OVERDUE


def accept(membership: Membership | None, union: NetworkUnion, now: datetime) -> Membership:
    """The membership under the charter in force, the same one where it was; rights that rested for silence
    are back. Raises NotAMember for who has no membership that acceptance concerns."""
    if membership is None:
        raise NotAMember
    if membership.state is MembershipState.ACTIVE and membership.charter_version == union.charter_version:
        return membership
    if membership.state is not MembershipState.ACTIVE and not membership.is_silent:
        raise NotAMember(membership.state.value)
    return replace(
        membership,
        version=membership.version + 1,
        state=MembershipState.ACTIVE,
        charter_version=union.charter_version,
        silent_since=None,
        changed_at=now,
    )


def lapse(membership: Membership, asking: Asking, now: datetime) -> Membership:
    """The membership after silence about `asking`; the same one where silence has no consequence for it.

    A union has its founder as long as it lives: no officer's amendment locks them out.
    """
    if (
        asking.by_silence is BySilence.ACCEPTS
        or membership.role is Role.FOUNDER
        or membership.state is not MembershipState.ACTIVE
        or membership.charter_version >= asking.charter_version
    ):
        return membership
    leaves = asking.by_silence is BySilence.LEAVES
    return replace(
        membership,
        version=membership.version + 1,
        state=MembershipState.LEFT if leaves else MembershipState.SUSPENDED,
        silent_since=None if leaves else now,
        changed_at=now,
    )
