"""What somebody with an invitation's link sees before joining."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import InvitationExpired, InvitationNotFound, InvitationUsedUp
from services.identity.domain.invitation import Invitation, code_hash, require_usable
from services.identity.domain.profile import Profile
from services.identity.domain.union import NetworkUnion
from services.identity.store import invitations
from services.identity.use_cases.find_union import union_of
from services.identity.use_cases.read_profile import read_profile


async def read_invitation(
    unit: UnitOfWork, union: str, code: str
) -> tuple[NetworkUnion, Invitation, Profile]:
    """The union, the invitation and who invites, as they show themselves to anybody.

    Raises UnionNotFound, UnionDissolved, InvitationNotFound, InvitationExpired, InvitationUsedUp.
    """
    found = await union_of(unit, union)
    found.require_active()
    invitation = await invitations.invitation_by_code(unit, found.id, code_hash(code))
    if invitation is None:
        raise InvitationNotFound
    require_usable(invitation, unit.now)
    return found, invitation, await read_profile(unit, None, str(invitation.invited_by))


async def is_invited(unit: UnitOfWork, union_id: UUID, code: str) -> bool:
    """Whether this code lets somebody join the union, now."""
    invitation = await invitations.invitation_by_code(unit, union_id, code_hash(code))
    if invitation is None:
        return False
    try:
        require_usable(invitation, unit.now)
    except (InvitationExpired, InvitationUsedUp):
        return False
    return True
