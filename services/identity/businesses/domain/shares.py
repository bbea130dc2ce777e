"""Shares: whole, issued once, moved between owners, and never lost while the business has one."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.identity.businesses.domain.errors import SharesRefused


class ShareWay(StrEnum):
    """How shares came to move. GIVEN_UP and ERASED: to the other owners, in proportion."""

    FOUNDED = "founded"
    TRANSFERRED = "transferred"
    GIVEN_UP = "given_up"
    ERASED = "erased"


@dataclass(frozen=True, slots=True)
class ShareChange:
    """`from_id` None: issued at the founding. `to_id` None: with their last owner, the shares end."""

    id: UUID
    from_id: UUID | None
    to_id: UUID | None
    shares: int
    way: ShareWay
    made_at: datetime


def transfer(
    shares: Mapping[UUID, int], from_id: UUID, to_id: UUID, moved: int, *, can_receive: bool
) -> dict[UUID, int]:
    """What each has after it; who has none is no owner. Raises SharesRefused."""
    own = shares.get(from_id, 0)
    if from_id == to_id:
        raise SharesRefused("shares go to somebody else")
    if moved > own:
        raise SharesRefused(f"you have {own} shares")
    if not can_receive:
        raise SharesRefused("who receives shares is an active member of the union")
    after = {**shares, from_id: own - moved, to_id: shares.get(to_id, 0) + moved}
    return {member_id: count for member_id, count in after.items() if count}


def fall(shares: Mapping[UUID, int], from_id: UUID) -> dict[UUID, int]:
    """By other owner, how many of the member's shares fall to them: in proportion to their own, by the
    largest remainder (Hamilton's method), of equal ones to the older id. Empty where there is no other."""
    given = shares.get(from_id, 0)
    others = {one: count for one, count in sorted(shares.items()) if one != from_id and count > 0}
    total = sum(others.values())
    if not total or not given:
        return {}
    parts = {one: given * count // total for one, count in others.items()}
    by_remainder = sorted(others, key=lambda one: (-(given * others[one] % total), one))
    for one in by_remainder[: given - sum(parts.values())]:
        parts[one] += 1
    return {one: part for one, part in parts.items() if part}
