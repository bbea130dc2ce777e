"""The one table of the charter's parameters: what each is, its limits, its default, whether it may move.

Checks, the API's bodies and the public read derive from it; `charter.CharterParameters` has the same names.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.identity.domain.admission_rule import RULE_MAX_CHARACTERS

SUPPLY_MINOR_MAX = 2**62
DAY_SECONDS = 86_400
FEE_BASIS_POINTS_MAX = 1_000
"""A tenth: more is no fee."""
BACKLINKS_MAX_COUNT = 1_000

TOKEN_SYMBOL_PATTERN = r"^[A-Z][A-Z0-9]{1,9}$"
RESERVED_SYMBOLS = frozenset({"ETH", "WETH", "WEI", "GWEI"})
"""Assets that a union can hold besides its own token."""

VISIBILITIES = ("public", "members", "leaders", "nobody")
"""Who sees names: everybody, the union's members, the leaders concerned, nobody. Counts are always shown."""


class PresetName(StrEnum):
    GUILD_OF_FREELANCERS = "guild_of_freelancers"
    CONSUMERS_AND_TENANTS = "consumers_and_tenants"
    CREATOR_AND_SUPPORTERS = "creator_and_supporters"
    OPEN_SOURCE_PROJECT = "open_source_project"


class ParameterKind(StrEnum):
    INTEGER = "integer"
    AMOUNT = "amount"
    """Minor units of the token: a string of digits in documents and JSON."""
    CHOICE = "choice"
    SYMBOL = "symbol"
    RULE = "rule"
    """Ways in, as `admission_rule` reads them."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """`default`: what a document that leaves it out means; None where every document has it. `is_fixed`: as
    at the founding for ever. `is_material`: moving it asks the members anew."""

    kind: ParameterKind
    meaning: str
    least: int = 0
    most: int = 0
    choices: tuple[str, ...] = ()
    default: int | str | None = None
    is_fixed: bool = False
    is_material: bool = False

    def admits(self, value: int | str) -> bool:
        """Whether the value is within the limits; a symbol and a rule are looked at elsewhere."""
        if self.kind is ParameterKind.CHOICE:
            return value in self.choices
        return not isinstance(value, str) and self.least <= value <= self.most

    @property
    def expected(self) -> str:
        if self.kind is ParameterKind.CHOICE:
            return "one of " + ", ".join(self.choices)
        return f"a whole number from {self.least} to {self.most}"


def _number(
    meaning: str,
    most: int,
    least: int = 0,
    *,
    default: int | None = None,
    fixed: bool = False,
    material: bool = False,
    kind: ParameterKind = ParameterKind.INTEGER,
) -> Parameter:
    return Parameter(kind, meaning, least, most, (), default, fixed, material)


def _amount(
    meaning: str, least: int = 0, *, default: int | None = None, fixed: bool = False, material: bool = False
) -> Parameter:
    kind = ParameterKind.AMOUNT
    return _number(
        meaning, SUPPLY_MINOR_MAX, least, default=default, fixed=fixed, material=material, kind=kind
    )


def _choice(
    meaning: str,
    choices: tuple[str, ...],
    *,
    default: str | None = None,
    fixed: bool = False,
    material: bool = False,
) -> Parameter:
    return Parameter(ParameterKind.CHOICE, meaning, 0, 0, choices, default, fixed, material)


def _visibility(whose: str) -> Parameter:
    return _choice(f"Who sees {whose}. Counts are shown to everybody.", VISIBILITIES, material=True)


def _share(whose: str) -> Parameter:
    return _number(f"{whose} share of the genesis; the three add up to 10,000.", 10_000, fixed=True)


PARAMETERS: Mapping[str, Parameter] = MappingProxyType(
    {
        "preset": _choice("The preset that it was founded by.", tuple(PresetName), fixed=True),
        "token_symbol": Parameter(
            ParameterKind.SYMBOL, "The token's symbol: capital letters and digits.", 2, 10, is_fixed=True
        ),
        "token_scale": _number("Decimals of the token.", 9, fixed=True),
        "supply_minor": _amount("What is issued at the founding.", 1, fixed=True),
        "treasury_share_basis_points": _share("The treasury's"),
        "founder_share_basis_points": _share("The founder's"),
        "early_members_share_basis_points": _share("Early members'"),
        "joining_grant_minor": _amount("What a new member is given; at most the supply."),
        "joining_grants_per_day": _number("Joining grants on one day.", 1_000_000),
        "admission": Parameter(
            ParameterKind.RULE,
            "Ways in: open, invitation, application, vouching:3, union:slug, credential:Type@did:key:z..., "
            "token:chain:contract:minimum, joined by and, or, brackets.",
            1,
            RULE_MAX_CHARACTERS,
        ),
        "review_seconds": _number(
            "Silence for so long after a delivery pays, where the offer names no other time.",
            90 * DAY_SECONDS,
            1,
            material=True,
        ),
        "visibility_members": _visibility("who is a member"),
        "visibility_backlinks": _visibility("who backs whom"),
        "visibility_voices": _visibility("who speaks for whom"),
        "visibility_pledges": _visibility("who pledged"),
        "visibility_balances": _visibility("balances"),
        "founder_cliff_seconds": _number(
            "Nothing of the founder's share is theirs before.", 3_650 * DAY_SECONDS, default=0, fixed=True
        ),
        "founder_vesting_seconds": _number(
            "The founder's share becomes theirs over so long, in 48 steps; 0: at once.",
            3_650 * DAY_SECONDS,
            default=0,
            fixed=True,
        ),
        "supply_policy": _choice(
            "`fixed`: nothing is ever issued after the genesis; `by_decision`: a decision may.",
            ("by_decision", "fixed"),
            default="by_decision",
            fixed=True,
        ),
        "joining_grant_halves_every": _number(
            "After so many joining grants the next ones are half as large; 0: never.",
            1_000_000_000,
            default=0,
        ),
        "payment_fee_basis_points": _number(
            "Of what a member receives from another one, to the treasury.",
            FEE_BASIS_POINTS_MAX,
            default=0,
            material=True,
        ),
        "work_fee_basis_points": _number(
            "Of what an agreement pays a member, to the treasury.",
            FEE_BASIS_POINTS_MAX,
            default=0,
            material=True,
        ),
        "fee_max_minor": _amount(
            "The most that one fee takes; 2^62: no cap.", default=SUPPLY_MINOR_MAX, material=True
        ),
        "backlinks_max_count": _number(
            "Whom one member backs at most at a time.",
            BACKLINKS_MAX_COUNT,
            1,
            default=BACKLINKS_MAX_COUNT,
            material=True,
        ),
        "acceptance_grace_seconds": _number(
            "How long members have to accept a material amendment.",
            90 * DAY_SECONDS,
            DAY_SECONDS,
            default=14 * DAY_SECONDS,
            material=True,
        ),
        "acceptance_by_silence": _choice(
            "What silence about a material amendment is: `accepts`; `suspends`: rights rest until the member "
            "accepts; `leaves`: the membership ends.",
            ("accepts", "suspends", "leaves"),
            default="accepts",
            material=True,
        ),
        "admissions_per_day": _number(
            "Applications that are admitted in a day; others wait. 0: no limit.", 1_000_000, default=0
        ),
    }
)

DEFAULTS: Mapping[str, int | str] = MappingProxyType(
    {name: one.default for name, one in PARAMETERS.items() if one.default is not None}
)


def default_number(name: str) -> int:
    """What a charter that leaves a number out means."""
    return int(DEFAULTS[name])


def default_word(name: str) -> str:
    """What a charter that leaves a choice out means."""
    return str(DEFAULTS[name])


def is_amount(name: str) -> bool:
    """Whether the parameter is in minor units, a string of digits where JSON carries it."""
    return name in PARAMETERS and PARAMETERS[name].kind is ParameterKind.AMOUNT
