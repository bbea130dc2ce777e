"""The one place where a membership begins, once it is clear that it may."""

from datetime import timedelta
from uuid import UUID

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.admission.store.facts import use_facts
from services.identity.admission.store.invitees import mark_joined
from services.identity.businesses.use_cases.follow_membership import follow_later
from services.identity.deletion.store.present import hold_present
from services.identity.domain.errors import AlreadyMember, InvitationUsedUp
from services.identity.domain.invitation import Invitation
from services.identity.domain.membership import Membership, join
from services.identity.domain.union import NetworkUnion
from services.identity.exclusion.use_cases.bar_return import check_not_barred
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.offices.use_cases.may import may
from services.identity.settings import IdentitySettings
from services.identity.store import joining, memberships
from services.identity.store.joining import JoiningScene
from services.identity.use_cases.publish_state import publish_membership


async def membership_in(unit: UnitOfWork, scene: JoiningScene, member_id: UUID) -> Membership:
    """As it would begin now. Raises AlreadyMember, MembershipBarred."""
    invitation = scene.invitation
    await check_not_barred(unit, scene.union.id, scene.previous)
    return join(
        scene.union,
        member_id,
        scene.previous,
        invitation_id=None if invitation is None else invitation.id,
        by_founder_invitation=await _is_admitted(unit, scene.union, invitation),
        now=unit.now,
    )


async def _is_admitted(unit: UnitOfWork, union: NetworkUnion, invitation: Invitation | None) -> bool:
    """Whether the invitation is in the union's name: who made it has the right still."""
    if invitation is None or not invitation.by_founder:
        return False
    return await may(unit, invitation.invited_by, Right.ADMIT, union)


async def begin_membership(
    unit: UnitOfWork, settings: IdentitySettings, scene: JoiningScene, membership: Membership
) -> None:
    """Under the charter in force, which the member has accepted. Raises AccountErasing, AlreadyMember,
    InvitationUsedUp."""
    member_id, invitation = membership.member_id, scene.invitation
    await hold_present(unit, member_id)
    # First, as who reviews holds the application before the membership.
    since = unit.now - timedelta(seconds=settings.vouch_seconds)
    await use_facts(unit, membership.union_id, member_id, since)
    if not await memberships.save_membership(unit, membership, active_change=1):
        raise AlreadyMember(unit.now)
    if invitation is not None:
        await _use(unit, invitation, member_id)
    publish_membership(unit, membership)
    if scene.previous is not None:
        await follow_later(unit, [membership])  # by the shares that they kept
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=membership.union_id,
        member_id=scene.union.head_id if invitation is None else invitation.invited_by,
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


async def _use(unit: UnitOfWork, invitation: Invitation, member_id: UUID) -> None:
    if not await joining.use_invitation(unit, invitation):
        raise InvitationUsedUp(invitation.uses_max)
    if invitation.list_id is not None:
        await mark_joined(unit, invitation.union_id, invitation.id, member_id)
