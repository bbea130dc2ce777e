"""Why the ledger itself moved something: the rule, with the figures that it took from the charter."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from uuid import UUID

from services.ledger.domain.fees import FeeRule
from services.ledger.domain.rights import Code

Figures = dict[str, int | str]
"""What a rule was computed from, by name; names that end in `_minor` are amounts."""


@dataclass(frozen=True, slots=True)
class Reason:
    """`decision_id`: the decision that wanted it, where it was one."""

    figures: Figures
    decision_id: UUID | None = None


FORMULAS: Mapping[str, str] = MappingProxyType(
    {
        Code.GENESIS.word: "the account's share of supply_minor, share_basis_points of 10000; by largest "
        "remainder",
        Code.JOINING_GRANT.word: "floor(first_minor / 2^floor((number - 1) / halves_every)); halves_every 0: "
        "first_minor",
        Code.GRANT_UNLOCK.word: "the whole grant, once its member has settled an agreement",
        Code.VEST.word: "floor(total_minor * step / steps_count), without what was released before; nothing "
        "before the cliff",
        Code.ISSUE.word: "what the decision says",
        Code.BURN.word: "what the decision says",
        Code.FEE.word: "floor(of_minor * basis_points / 10000), at most max_minor",
    }
)
"""How each rule computes what it moves, by the transfer's code."""


def fee_reason(fees: FeeRule, code: Code, amount_minor: int) -> Reason:
    """floor(amount * basis points / 10,000), at most `max_minor`."""
    return Reason(
        {
            "of_code": code.word,
            "of_minor": amount_minor,
            "basis_points": fees.basis_points(code),
            "max_minor": fees.max_minor,
        }
    )
