"""What happens to a supply after its genesis: issued by a decision alone, burnt by one or by its holder."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from uuid import UUID

from services.ledger.domain.rights import Code


class SupplyPolicy(StrEnum):
    """What the charter says of the supply after the genesis; it is fixed at the founding."""

    BY_DECISION = "by_decision"
    FIXED = "fixed"


def supply_policy(parameters: Mapping[str, object]) -> SupplyPolicy:
    """What a charter says; one of before the parameter existed leaves it to decisions."""
    return SupplyPolicy(str(parameters.get("supply_policy", SupplyPolicy.BY_DECISION)))


class EffectState(StrEnum):
    DONE = "done"
    REFUSED = "refused"


class EffectRefusal(StrEnum):
    """Why the ledger does not carry out what a decision wants."""

    MALFORMED = "malformed"
    """It names no amount."""
    WRONG_ASSET = "wrong_asset"
    SUPPLY_IS_FIXED = "supply_is_fixed"
    """The charter's `supply_policy` is `fixed`."""
    SUPPLY_OUT_OF_BOUNDS = "supply_out_of_bounds"
    """More than 2^62 minor units would be out."""
    BEYOND_THE_VAULT = "beyond_the_vault"
    """The union has a bridge, and its vault was given fewer tokens than would be owed."""
    INSUFFICIENT_FUNDS = "insufficient_funds"
    """The treasury has less than is to be burnt."""


EFFECT_CODES = {"issue": Code.ISSUE, "burn": Code.BURN}
"""The effects of a decision that the ledger carries out: into the treasury, and out of it."""


@dataclass(frozen=True, slots=True)
class DecidedEffect:
    """What a decision that passed wants of the ledger. `amount_minor` is 0 where it names none."""

    decision_id: UUID
    effect: str
    asset: str | None
    amount_minor: int
    passed_at: datetime

    @property
    def code(self) -> Code:
        return EFFECT_CODES[self.effect]


def effect_refusal(  # noqa: PLR0911 - one return for each refusal
    effect: DecidedEffect,
    *,
    asset: str,
    policy: SupplyPolicy,
    supply_minor: int,
    treasury_minor: int,
    supply_max_minor: int,
    vault_minor: int | None,
) -> EffectRefusal | None:
    """Why it cannot be carried out, None where it can. `supply_minor`: what is out now; `vault_minor`: what
    the bridge's vault was given, None where there is no bridge."""
    amount_minor = effect.amount_minor
    if effect.asset is None or not amount_minor:
        return EffectRefusal.MALFORMED
    if effect.asset != asset:
        return EffectRefusal.WRONG_ASSET
    if effect.code is Code.BURN:
        return EffectRefusal.INSUFFICIENT_FUNDS if treasury_minor < amount_minor else None
    if policy is SupplyPolicy.FIXED:
        return EffectRefusal.SUPPLY_IS_FIXED
    if supply_minor + amount_minor > supply_max_minor:
        return EffectRefusal.SUPPLY_OUT_OF_BOUNDS
    if vault_minor is not None and supply_minor + amount_minor > vault_minor:
        return EffectRefusal.BEYOND_THE_VAULT
    return None
