"""Accept the charter in force anew, by its version and hash."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.acceptance import accept
from services.identity.domain.membership import Membership, require_acceptance
from services.identity.settings import IdentitySettings
from services.identity.store import acceptances, memberships
from services.identity.use_cases.change_membership import change_membership, hold_union


async def accept_charter(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    charter_version: int,
    charter_hash: str,
) -> Membership:
    """The membership under the charter in force; a repeat changes nothing. Rights that rested are back.

    Raises UnionNotFound, UnionDissolved, NotAMember, CharterStale.
    """
    found = await hold_union(unit, union, member_id)
    found.require_active()
    present = await memberships.membership_of(unit, found.id, member_id, lock=True)
    accepted = accept(present, found, unit.now)
    require_acceptance(found, charter_version, charter_hash)
    if present is None or accepted is present:
        return accepted
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
    await keep_acceptance(unit, settings, present, accepted, found.charter_hash, "signed")
    return accepted


async def keep_acceptance(
    unit: UnitOfWork,
    settings: IdentitySettings,
    present: Membership,
    accepted: Membership,
    charter_hash: str,
    way: str,
) -> None:
    """`way`: signed, authored. Raises NotAMember where another change was first."""
    await change_membership(unit, settings, present, accepted, accepted.member_id)
    await acceptances.add_acceptance(unit, accepted, charter_hash, way)
