"""Accept the charter in force anew, by its version and hash."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.acceptance import accept
from services.identity.domain.errors import NotAMember, UnionNotFound
from services.identity.domain.membership import Membership, MembershipState, require_acceptance
from services.identity.offices.use_cases.follow_membership import follow_membership
from services.identity.store import acceptances, memberships, unions
from services.identity.use_cases.publish_state import publish_membership


async def accept_charter(
    unit: UnitOfWork, member_id: UUID, union: str, charter_version: int, charter_hash: str
) -> Membership:
    """The membership under the charter in force; a repeat changes nothing. Rights that rested are back.

    Raises UnionNotFound, UnionDissolved, NotAMember, CharterStale.
    """
    found = await unions.share_union(unit, union)
    if found is None:
        raise UnionNotFound(union)
    found.require_active()
    present = await memberships.membership_of(unit, found.id, member_id, lock=True)
    accepted = accept(present, found, unit.now)
    require_acceptance(found, charter_version, charter_hash)
    if present is None or accepted is present:
        return accepted
    active_change = 0 if present.state is MembershipState.ACTIVE else 1
    if not await memberships.save_membership(unit, accepted, active_change):
        raise NotAMember(present.state.value)
    await acceptances.add_acceptance(unit, accepted, found.charter_hash, "signed")
    publish_membership(unit, accepted)
    await follow_membership(unit, accepted, member_id)
    unit.record_act(
        "charter_acceptance",
        f"unions/{found.id}/memberships/{member_id}",
        {
            "version": accepted.version,
            "accepted_version": accepted.charter_version,
            "charter_hash": found.charter_hash,
        },
        union_id=found.id,
        charter_version=found.charter_version,
    )
    return accepted
