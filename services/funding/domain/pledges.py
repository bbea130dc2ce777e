"""A pledge: a transfer into a project's escrow, withdrawable until the deadline.

waiting -> held | refused;  held -> withdrawing -> withdrawn;  held -> refunded | paid_out
"""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.funding.domain.errors import NotBacker, PledgeNotHeld, SettlementNotWaiting


class PledgeState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    REFUSED = "refused"
    WITHDRAWING = "withdrawing"
    WITHDRAWN = "withdrawn"
    REFUNDED = "refunded"
    PAID_OUT = "paid_out"


@dataclass(frozen=True, slots=True)
class Pledge:
    """`refusal` is what the ledger said when it refused the pledge or its withdrawal."""

    union_id: UUID
    pledge_id: UUID
    project_id: UUID
    backer_id: UUID
    state: PledgeState
    asset: str
    asset_scale: int
    pledged_minor: int
    pledged_at: datetime
    answered_at: datetime | None = None
    refusal: str | None = None


def hold(pledge: Pledge, now: datetime) -> Pledge:
    """The ledger posted the transfer into escrow."""
    _require(pledge, PledgeState.WAITING)
    return replace(pledge, state=PledgeState.HELD, answered_at=now)


def refuse(pledge: Pledge, refusal: str, now: datetime) -> Pledge:
    """The ledger refused the transfer into escrow."""
    _require(pledge, PledgeState.WAITING)
    return replace(pledge, state=PledgeState.REFUSED, answered_at=now, refusal=refusal)


def begin_withdrawal(pledge: Pledge, member_id: UUID) -> Pledge:
    """Raises NotBacker, PledgeNotHeld."""
    if member_id != pledge.backer_id:
        raise NotBacker(pledge.pledge_id)
    if pledge.state is not PledgeState.HELD:
        raise PledgeNotHeld(pledge.pledge_id, pledge.state)
    return replace(pledge, state=PledgeState.WITHDRAWING, refusal=None)


def withdraw(pledge: Pledge, now: datetime) -> Pledge:
    """The money is back with its backer."""
    _require(pledge, PledgeState.WITHDRAWING)
    return replace(pledge, state=PledgeState.WITHDRAWN, answered_at=now)


def keep(pledge: Pledge, refusal: str) -> Pledge:
    """The ledger refused the withdrawal: the pledge is still in escrow and counts again."""
    _require(pledge, PledgeState.WITHDRAWING)
    return replace(pledge, state=PledgeState.HELD, refusal=refusal)


def _require(pledge: Pledge, state: PledgeState) -> None:
    if pledge.state is not state:
        raise SettlementNotWaiting(pledge.pledge_id, pledge.state)
