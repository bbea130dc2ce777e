"""Invite to a union by a link."""

from uuid import UUID

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import InvitationLimit, NotAMember
from services.identity.domain.invitation import CODE_BYTES, Invitation, code_hash, code_text, invite
from services.identity.domain.membership import MembershipState
from services.identity.domain.union import NetworkUnion
from services.identity.offices.use_cases.may import ground_of
from services.identity.settings import IdentitySettings
from services.identity.store import invitations, memberships
from services.identity.use_cases.find_union import union_of
from services.identity.use_cases.issue_nonce import RandomBytes


async def create_invitation(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    member_id: UUID,
    union: str,
    *,
    uses_max: int,
    valid_seconds: int,
) -> tuple[NetworkUnion, Invitation, str]:
    """Union, invitation and its code, which is told this once.

    Raises UnionNotFound, UnionDissolved, NotAMember, InvitationLimit.
    """
    found = await union_of(unit, union)
    found.require_active()
    # The lock lets two invitations at once count each other.
    membership = await memberships.membership_of(unit, found.id, member_id, lock=True)
    if membership is None:
        raise NotAMember
    if membership.state is not MembershipState.ACTIVE:
        raise NotAMember(membership.state.value)
    out = await invitations.live_invitations_of(unit, found.id, member_id, unit.now)
    if out >= settings.invitations_per_member_max:
        raise InvitationLimit("invitations_out", settings.invitations_per_member_max)
    ground = await ground_of(unit, member_id, Right.ADMIT, found)
    code = code_text(random_bytes(CODE_BYTES))
    invitation = invite(
        unit.ids.new(),
        found.id,
        member_id,
        by_founder=ground is not None,
        uses_max=uses_max,
        valid_seconds=valid_seconds,
        uses_limit=settings.invitation_uses_max,
        valid_seconds_limit=settings.invitation_seconds_max,
        now=unit.now,
    )
    await invitations.add_invitation(unit, invitation, code_hash(code))
    unit.record_act(
        "invite",
        f"unions/{found.id}/invitations/{invitation.id}",
        {
            "uses_max": uses_max,
            "expires_at": invitation.expires_at,
            "by_founder": invitation.by_founder,
            "by": "member" if ground is None else ground.word,
        },
        union_id=found.id,
        charter_version=found.charter_version,
    )
    return found, invitation, code
