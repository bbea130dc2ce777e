"""Rights, and the grants that a member holds by their offices: pure, and the same in every service."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID


class Right(StrEnum):
    """What an office may let its holders do. Each is asked for by at least one endpoint."""

    ADMIT = "admit"
    """Invite in the union's name, by a link or a list of people: who comes so is admitted as by the founder.
    Decide on who applies, write what they are asked, see who brought whom."""
    AMEND = "amend"
    """Amend the charter, as long as the founder may alone."""
    AUDIT = "audit"
    """See the books whole: the union's accounts, runs, rows of the journal, payments from the treasury."""
    MODERATE = "moderate"
    """Freeze and thaw the accounts of members; suspend members, propose to expel them, decide on that and on
    appeals, but neither in one's own case nor on an appeal against one's own decision."""
    SPEND = "spend"
    """Pay from the treasury, up to an amount in all."""


class BusinessRight(StrEnum):
    """What a business lets its owners, managers and hires do. Each is asked for by at least one endpoint."""

    AUDIT = "audit"
    """See its account, its statement, and who paid what from it."""
    SPEND = "spend"
    """Pay from its account, who manages it without a limit, who is hired up to an amount in all; see what
    `audit` sees."""


@dataclass(frozen=True, slots=True)
class Charge:
    """What a payment counts against: the holding, and how much may be paid by it in all, minor units."""

    holding_id: UUID
    limit_minor: int


@dataclass(frozen=True, slots=True)
class Grant:
    """A right that a member holds by a holding until a time. `charges`: of `spend`, the holding's own first,
    then that of who appointed its holder, and so on up to the founder; none in a business: no limit."""

    right: str
    holding_id: UUID
    until: datetime
    charges: tuple[Charge, ...] = ()

    def allows(self, right: Right | BusinessRight, now: datetime, amount_minor: int | None) -> bool:
        """Whether it gives this right now; an amount has to fit every bound by itself."""
        if self.right != right or now >= self.until:
            return False
        if amount_minor is None:
            return True
        return all(amount_minor <= one.limit_minor for one in self.charges)


@dataclass(frozen=True, slots=True)
class Ground:
    """Why somebody may: as the founder (None), or by a holding."""

    holding_id: UUID | None
    charges: tuple[Charge, ...] = ()

    @property
    def word(self) -> str:
        """For the act log."""
        return "founder" if self.holding_id is None else f"holdings/{self.holding_id}"


FOUNDERS_GROUND = Ground(None)


def living_grounds(
    grants: Sequence[Grant], right: Right | BusinessRight, now: datetime, amount_minor: int | None = None
) -> tuple[Ground, ...]:
    """Of each grant that allows it, in their order."""
    return tuple(
        Ground(grant.holding_id, grant.charges) for grant in grants if grant.allows(right, now, amount_minor)
    )
