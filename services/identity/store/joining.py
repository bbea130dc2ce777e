"""What joining reads in one statement, and the use of an invitation."""

from dataclasses import dataclass
from uuid import UUID

import asyncpg

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.invitation import Invitation
from services.identity.domain.membership import Membership, MembershipState, Role
from services.identity.domain.union import NetworkUnion, UnionState

_JOINING = """
SELECT unions.id, unions.slug, unions.name, unions.state, unions.founder_id,
       coalesce(unions.head_id, unions.founder_id) AS head_id, unions.version,
       unions.charter_version, unions.charter_hash, unions.founded_at,
       charters.document -> 'parameters' ->> 'admission' AS admission,
       memberships.version AS membership_version, memberships.state AS membership_state, memberships.role,
       memberships.charter_version AS accepted_version, memberships.by_founder_invitation,
       memberships.invitation_id AS joined_by, memberships.first_joined_at, memberships.joined_at,
       memberships.changed_at, memberships.silent_since,
       invitations.id AS invitation_id, invitations.invited_by, invitations.by_founder, invitations.uses_max,
       invitations.uses_count, invitations.created_at AS invited_at, invitations.expires_at,
       invitations.list_id
FROM unions
JOIN charters ON charters.union_id = unions.id AND charters.version = unions.charter_version
LEFT JOIN memberships ON memberships.union_id = unions.id AND memberships.member_id = $2
LEFT JOIN invitations ON invitations.union_id = unions.id AND invitations.code_hash = $3
WHERE {key} = $1
FOR SHARE OF unions
"""
_JOINING_BY_ID = _JOINING.format(key="unions.id")
_JOINING_BY_SLUG = _JOINING.format(key="unions.slug")


@dataclass(frozen=True, slots=True)
class JoiningScene:
    """What joining looks at, read in one statement with the union locked against amendment."""

    union: NetworkUnion
    admission: str
    previous: Membership | None
    invitation: Invitation | None


async def joining_scene(
    unit: UnitOfWork, union: UUID | str, member_id: UUID, code_hash: bytes | None
) -> JoiningScene | None:
    raw = await unit.raw()
    query = _JOINING_BY_ID if isinstance(union, UUID) else _JOINING_BY_SLUG
    row = await raw.fetchrow(query, union, member_id, code_hash)
    if row is None:
        # Whoever waited for an amendment finds the union without its former charter: only a new statement
        # sees the one that is in force.
        row = await raw.fetchrow(query, union, member_id, code_hash)
    return None if row is None else _scene(row, member_id)


def _scene(row: asyncpg.Record, member_id: UUID) -> JoiningScene:
    union = NetworkUnion(
        id=row["id"],
        slug=row["slug"],
        name=row["name"],
        state=UnionState(row["state"]),
        founder_id=row["founder_id"],
        head_id=row["head_id"],
        version=row["version"],
        charter_version=row["charter_version"],
        charter_hash=row["charter_hash"],
        founded_at=row["founded_at"],
    )
    previous = None
    if row["membership_version"] is not None:
        previous = Membership(
            union_id=union.id,
            member_id=member_id,
            version=row["membership_version"],
            state=MembershipState(row["membership_state"]),
            role=Role(row["role"]),
            charter_version=row["accepted_version"],
            by_founder_invitation=row["by_founder_invitation"],
            invitation_id=row["joined_by"],
            first_joined_at=row["first_joined_at"],
            joined_at=row["joined_at"],
            changed_at=row["changed_at"],
            silent_since=row["silent_since"],
        )
    invitation = None
    if row["invitation_id"] is not None:
        invitation = Invitation(
            id=row["invitation_id"],
            union_id=union.id,
            invited_by=row["invited_by"],
            by_founder=row["by_founder"],
            uses_max=row["uses_max"],
            uses_count=row["uses_count"],
            created_at=row["invited_at"],
            expires_at=row["expires_at"],
            list_id=row["list_id"],
        )
    return JoiningScene(union, row["admission"], previous, invitation)


async def use_invitation(unit: UnitOfWork, invitation: Invitation) -> bool:
    """Count one use, last of all statements so that its lock is short; False when it is used up."""
    raw = await unit.raw()
    status = await raw.execute(
        """
        UPDATE invitations SET uses_count = uses_count + 1
        WHERE union_id = $1 AND id = $2 AND uses_count < uses_max
        """,
        invitation.union_id,
        invitation.id,
    )
    return status == "UPDATE 1"
