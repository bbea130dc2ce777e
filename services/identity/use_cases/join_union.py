"""Join a union, openly or by an invitation, accepting its charter."""

from dataclasses import dataclass
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.use_cases.begin_membership import begin_membership, membership_in
from services.identity.admission.use_cases.find_candidate import scene_of
from services.identity.admission.use_cases.require_admission import require_admission
from services.identity.domain.errors import InvitationNotFound
from services.identity.domain.invitation import code_hash, require_usable
from services.identity.domain.membership import Membership, require_acceptance
from services.identity.settings import IdentitySettings


@dataclass(frozen=True, slots=True)
class Acceptance:
    """The charter that the member accepts, and the code of their invitation where they have one."""

    charter_version: int
    charter_hash: str
    invitation: str | None = None


async def join_union(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, acceptance: Acceptance
) -> Membership:
    """The membership; coming back after leaving is the next version of the same one.

    Raises UnionNotFound, UnionDissolved, AlreadyMember, MembershipBarred, CharterStale, InvitationRequired,
    InvitationNotFound, InvitationExpired, InvitationUsedUp, AdmissionUnmet.
    """
    code = None if acceptance.invitation is None else code_hash(acceptance.invitation)
    scene = await scene_of(unit, union, member_id, code)
    membership = await membership_in(unit, scene, member_id)
    require_acceptance(scene.union, acceptance.charter_version, acceptance.charter_hash)
    if acceptance.invitation is not None:
        if scene.invitation is None:
            raise InvitationNotFound
        require_usable(scene.invitation, unit.now)
    await require_admission(unit, settings, scene, member_id)
    await begin_membership(unit, settings, scene, membership)
    return membership
