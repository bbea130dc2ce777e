"""The genesis of a union's token: its supply split by the charter's shares, exact to the unit."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from services.ledger.domain.errors import ParameterMissing, SharesDoNotAddUp, SupplyOutOfBounds
from services.ledger.domain.shares import split_by_shares

WHOLE_BASIS_POINTS = 10_000
SUPPLY_LIMIT_MINOR = 2**62


@dataclass(frozen=True, slots=True)
class GenesisPlan:
    """What the charter says at the founding: the supply and who gets which share of it."""

    supply_minor: int
    treasury_share_basis_points: int
    founder_share_basis_points: int
    early_members_share_basis_points: int


@dataclass(frozen=True, slots=True)
class GenesisSplit:
    treasury_minor: int
    founder_minor: int
    early_members_minor: int


def charter_number(parameters: Mapping[str, object], name: str, preset: int | None = None) -> int:
    """A number of the charter; amounts are written as digits. Raises ParameterMissing for what is no number,
    or is not there and has no preset."""
    value = parameters.get(name, preset)
    if isinstance(value, bool) or not isinstance(value, int | str) or not str(value).isdecimal():
        raise ParameterMissing(name)
    return int(value)


def genesis_plan(parameters: Mapping[str, object]) -> GenesisPlan:
    """The plan that a charter's parameters hold. Raises ParameterMissing."""
    return GenesisPlan(
        supply_minor=charter_number(parameters, "supply_minor"),
        treasury_share_basis_points=charter_number(parameters, "treasury_share_basis_points"),
        founder_share_basis_points=charter_number(parameters, "founder_share_basis_points"),
        early_members_share_basis_points=charter_number(parameters, "early_members_share_basis_points"),
    )


def split_exactly(amount_minor: int, shares_basis_points: Sequence[int]) -> tuple[int, ...]:
    """Parts that sum to the amount, each within one unit of its share; equal remainders in the order given.

    Raises SharesDoNotAddUp.
    """
    if sum(shares_basis_points) != WHOLE_BASIS_POINTS or min(shares_basis_points) < 0:
        raise SharesDoNotAddUp(sum(shares_basis_points))
    return split_by_shares(amount_minor, shares_basis_points)


def split_genesis(plan: GenesisPlan) -> GenesisSplit:
    """Raises SupplyOutOfBounds and SharesDoNotAddUp."""
    if not 0 < plan.supply_minor <= SUPPLY_LIMIT_MINOR:
        raise SupplyOutOfBounds(plan.supply_minor)
    treasury, founder, early_members = split_exactly(
        plan.supply_minor,
        (
            plan.treasury_share_basis_points,
            plan.founder_share_basis_points,
            plan.early_members_share_basis_points,
        ),
    )
    return GenesisSplit(treasury, founder, early_members)
