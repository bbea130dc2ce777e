"""Who sees names (design, decision 12): the charter's table, applied to the member list."""

from uuid import UUID

from services.identity.domain.membership import Membership, MembershipState


def may_see_members(visibility: str, head_id: UUID, reader: Membership | None) -> bool:
    """`public`: everybody; `members`: active members; `leaders`: the founder, the one leader that identity
    knows; `nobody`: nobody. Counts are not asked for here: they are always shown."""
    if visibility == "public":
        return True
    if reader is None or reader.state is not MembershipState.ACTIVE:
        return False
    if visibility == "members":
        return True
    return visibility == "leaders" and reader.member_id == head_id
