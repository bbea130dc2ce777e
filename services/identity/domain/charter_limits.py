"""The limits of the charter's parameters: one table, and the rule that the genesis shares make a whole."""

import re

from services.identity.domain.admission_rule import RuleMalformed, parse_rule
from services.identity.domain.errors import ParameterRefused

SUPPLY_MINOR_MAX = 2**62
DAY_SECONDS = 86_400
FEE_BASIS_POINTS_MAX = 1_000
"""A tenth: more is no fee."""

INTEGER_LIMITS: dict[str, tuple[int, int]] = {
    "token_scale": (0, 9),
    "supply_minor": (1, SUPPLY_MINOR_MAX),
    "treasury_share_basis_points": (0, 10_000),
    "founder_share_basis_points": (0, 10_000),
    "early_members_share_basis_points": (0, 10_000),
    "joining_grant_minor": (0, SUPPLY_MINOR_MAX),
    "joining_grants_per_day": (0, 1_000_000),
    "review_seconds": (1, 90 * DAY_SECONDS),
    "founder_cliff_seconds": (0, 10 * 365 * DAY_SECONDS),
    "founder_vesting_seconds": (0, 10 * 365 * DAY_SECONDS),
    "joining_grant_halves_every": (0, 1_000_000_000),
    "payment_fee_basis_points": (0, FEE_BASIS_POINTS_MAX),
    "work_fee_basis_points": (0, FEE_BASIS_POINTS_MAX),
    "fee_max_minor": (0, SUPPLY_MINOR_MAX),
    "admissions_per_day": (0, 1_000_000),
}

VISIBILITIES = ("public", "members", "leaders", "nobody")
"""Who sees names: everybody, the union's members, the leaders concerned, nobody. Counts are always shown."""

CHOICES: dict[str, tuple[str, ...]] = {
    "preset": ("guild_of_freelancers",),
    "supply_policy": ("by_decision", "fixed"),
    "visibility_members": VISIBILITIES,
    "visibility_backlinks": VISIBILITIES,
    "visibility_voices": VISIBILITIES,
    "visibility_pledges": VISIBILITIES,
    "visibility_balances": VISIBILITIES,
}

TOKEN_SYMBOL_PATTERN = r"^[A-Z][A-Z0-9]{1,9}$"
_TOKEN_SYMBOL = re.compile(TOKEN_SYMBOL_PATTERN)
RESERVED_SYMBOLS = frozenset({"ETH", "WETH", "WEI", "GWEI"})
"""Assets that a union can hold besides its own token."""

_SHARES = tuple(name for name in INTEGER_LIMITS if name.endswith("_share_basis_points"))


def check_parameters(parameters: dict[str, int | str]) -> None:
    """Raises ParameterRefused for the first parameter outside its limits."""
    for name, value in parameters.items():
        _check_one(name, value)
    if sum(int(parameters[name]) for name in _SHARES) != 10_000:
        raise ParameterRefused("treasury_share_basis_points", "the three shares add up to 10000 basis points")
    if int(parameters["joining_grant_minor"]) > int(parameters["supply_minor"]):
        raise ParameterRefused("joining_grant_minor", "at most the supply")
    if int(parameters["founder_cliff_seconds"]) > int(parameters["founder_vesting_seconds"]):
        raise ParameterRefused("founder_cliff_seconds", "at most founder_vesting_seconds")


def _check_one(name: str, value: int | str) -> None:
    if name in INTEGER_LIMITS:
        least, most = INTEGER_LIMITS[name]
        if isinstance(value, str) or not least <= value <= most:
            raise ParameterRefused(name, f"a whole number from {least} to {most}")
    elif name == "admission":
        try:
            parse_rule(str(value))
        except RuleMalformed as malformed:
            raise ParameterRefused(name, f"a rule of ways in; {malformed}") from malformed
    elif name in CHOICES:
        if value not in CHOICES[name]:
            raise ParameterRefused(name, "one of " + ", ".join(CHOICES[name]))
    elif not isinstance(value, str) or not _TOKEN_SYMBOL.match(value) or value in RESERVED_SYMBOLS:
        raise ParameterRefused(name, "2 to 10 capital letters and digits, a letter first; not ETH")
