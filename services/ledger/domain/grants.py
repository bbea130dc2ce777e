"""The joining grant: from which purse, to which account, on which day."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.genesis import charter_number


class GrantState(StrEnum):
    """NONE: nothing is due (the founder, or only an agreement is known yet)."""

    NONE = "none"
    WAITING = "waiting"
    LOCKED = "locked"
    UNLOCKED = "unlocked"
    UNFUNDED = "unfunded"
    FORFEITED = "forfeited"


@dataclass(frozen=True, slots=True)
class GrantFormula:
    """What a charter grants: `first_minor`, halved after every `halves_every` grants; 0: never halved."""

    first_minor: int
    halves_every: int = 0

    def minor(self, number: int | None) -> int:
        """Of the grant of this number, from 1, rounded down; those of before numbers were kept have none."""
        if not self.halves_every or number is None:
            return self.first_minor
        return self.first_minor >> min((number - 1) // self.halves_every, 64)


def grant_formula(parameters: Mapping[str, object]) -> GrantFormula:
    """Raises ParameterMissing."""
    return GrantFormula(
        charter_number(parameters, "joining_grant_minor"),
        charter_number(parameters, "joining_grant_halves_every", 0),
    )


@dataclass(frozen=True, slots=True)
class GrantSlot:
    """A place in the budget of one day; `due` is when it may be paid."""

    day: date
    due: datetime


def find_slot(now: datetime, grants_per_day: int, taken: Mapping[date, int]) -> GrantSlot | None:
    """The first day from today on whose budget has room, by what is taken of each day already.

    None when the union grants nothing (a budget of 0).
    """
    if grants_per_day <= 0:
        return None
    today = now.astimezone(UTC).date()
    day = today
    while taken.get(day, 0) >= grants_per_day:
        day += timedelta(days=1)
    start = datetime.combine(day, time.min, tzinfo=UTC)
    return GrantSlot(day, max(now, start))


def choose_purse(grant_minor: int, early_members_minor: int, treasury_minor: int) -> AccountKind | None:
    """The early members' pool first, then the treasury; None when neither holds a whole grant."""
    if early_members_minor >= grant_minor:
        return AccountKind.EARLY_MEMBERS
    if treasury_minor >= grant_minor:
        return AccountKind.TREASURY
    return None


def grant_account_kind(by_founder_invitation: bool, has_settled_an_agreement: bool) -> AccountKind:
    """Free to spend for those whom the founder knows or who have worked here; locked for all others."""
    return AccountKind.MEMBER if by_founder_invitation or has_settled_an_agreement else AccountKind.GRANT
