"""The limits of the charter's parameters, as the table has them, and the rules between several of them."""

import re

from services.identity.domain.admission_rule import RuleMalformed, parse_rule
from services.identity.domain.errors import ParameterRefused
from services.identity.domain.parameters import (
    PARAMETERS,
    RESERVED_SYMBOLS,
    TOKEN_SYMBOL_PATTERN,
    ParameterKind,
)

_TOKEN_SYMBOL = re.compile(TOKEN_SYMBOL_PATTERN)
_SHARES = tuple(name for name in PARAMETERS if name.endswith("_share_basis_points"))


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
    parameter = PARAMETERS[name]
    if parameter.kind is ParameterKind.SYMBOL:
        if not isinstance(value, str) or not _TOKEN_SYMBOL.match(value) or value in RESERVED_SYMBOLS:
            raise ParameterRefused(name, "2 to 10 capital letters and digits, a letter first; not ETH")
    elif parameter.kind is ParameterKind.RULE:
        try:
            parse_rule(str(value))
        except RuleMalformed as malformed:
            raise ParameterRefused(name, f"a rule of ways in; {malformed}") from malformed
    elif not parameter.admits(value):
        raise ParameterRefused(name, parameter.expected)
