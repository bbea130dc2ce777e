"""Join a union, openly or by an invitation, accepting its charter."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.store.invitees import mark_joined
from services.identity.domain.errors import (
    AlreadyMember,
    InvitationNotFound,
    InvitationRequired,
    InvitationUsedUp,
    UnionNotFound,
)
from services.identity.domain.handle import looks_like_id
from services.identity.domain.invitation import Invitation, code_hash, require_usable
from services.identity.domain.membership import Membership, join, require_acceptance
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.store import joining, memberships
from services.identity.store.joining import JoiningScene
from services.identity.use_cases.publish_state import publish_membership


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The charter that the member accepts, and the code of their invitation where they have one."""

    charter_version: int
    charter_hash: str
    invitation: str | None = None


async def join_union(
    unit: UnitOfWork, member_id: UUID, union: str, acceptance: Acceptance, gather: timedelta
) -> Membership:
    """The membership; coming back after leaving is the next version of the same one.

    `gather`: how long the word to who invited waits for what else happens.

    Raises UnionNotFound, UnionDissolved, AlreadyMember, MembershipBarred, CharterStale, InvitationRequired,
    InvitationNotFound, InvitationExpired, InvitationUsedUp.
    """
    scene = await joining.joining_scene(
        unit,
        UUID(union) if looks_like_id(union) else union,
        member_id,
        None if acceptance.invitation is None else code_hash(acceptance.invitation),
    )
    if scene is None:
        raise UnionNotFound(union)
    scene.union.require_active()
    invitation = scene.invitation
    membership = join(
        scene.union,
        member_id,
        scene.previous,
        invitation_id=None if invitation is None else invitation.id,
        by_founder_invitation=invitation is not None and invitation.by_founder,
        now=unit.now,
    )
    require_acceptance(scene.union, acceptance.charter_version, acceptance.charter_hash)
    _require_admission(unit, scene, acceptance)
    if not await memberships.save_membership(unit, membership, active_change=1):
        raise AlreadyMember(unit.now)
    if invitation is not None:
        await _use(unit, invitation, member_id)
    publish_membership(unit, membership)
    await tell_member(
        unit,
        gather,
        union_id=membership.union_id,
        member_id=scene.union.founder_id if invitation is None else invitation.invited_by,
        kind="member.joined",
        subject="memberships",
        subject_id=membership.union_id,
        actor_id=member_id,
    )
    unit.record_act(
        "charter_acceptance",
        f"unions/{membership.union_id}/memberships/{member_id}",
        {"version": membership.version, "charter_hash": scene.union.charter_hash}
        | ({} if invitation is None else {"invitation_id": invitation.id}),
        union_id=membership.union_id,
        charter_version=membership.charter_version,
    )
    return membership


def _require_admission(unit: UnitOfWork, scene: JoiningScene, acceptance: Acceptance) -> None:
    if acceptance.invitation is None:
        if scene.admission == "invitation":
            raise InvitationRequired
        return
    if scene.invitation is None:
        raise InvitationNotFound
    require_usable(scene.invitation, unit.now)


async def _use(unit: UnitOfWork, invitation: Invitation, member_id: UUID) -> None:
    if not await joining.use_invitation(unit, invitation):
        raise InvitationUsedUp(invitation.uses_max)
    if invitation.list_id is not None:
        await mark_joined(unit, invitation.union_id, invitation.id, member_id)
