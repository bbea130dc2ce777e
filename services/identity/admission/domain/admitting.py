"""Who invites by lists, reviews applications and sees who brought whom: the one place that says it."""

from uuid import UUID

from services.identity.domain.errors import FounderOnly
from services.identity.domain.union import NetworkUnion


def may_admit(union: NetworkUnion, member_id: UUID) -> bool:
    """The founder."""
    return union.founder_id == member_id


def require_admitting(union: NetworkUnion, member_id: UUID, act: str) -> None:
    """Raises FounderOnly; `act` is what was tried."""
    if not may_admit(union, member_id):
        raise FounderOnly(act)
