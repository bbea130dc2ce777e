"""The charter: purpose, values, bylaws and typed parameters; versioned and hashed over canonical JSON."""

import hashlib
import json
from dataclasses import MISSING, dataclass, fields, replace
from typing import Any
from uuid import UUID

from services.identity.domain.charter_limits import SUPPLY_MINOR_MAX, check_parameters
from services.identity.domain.errors import CharterNeedsDecision, ParameterFixed

FREE_AMENDMENT_BELOW_MEMBERS = 10
"""The founder amends alone as long as the union has fewer members than this."""

FIXED_AT_FOUNDING = (
    "preset",
    "token_symbol",
    "token_scale",
    "supply_minor",
    "treasury_share_basis_points",
    "founder_share_basis_points",
    "early_members_share_basis_points",
    "founder_cliff_seconds",
    "founder_vesting_seconds",
    "supply_policy",
)


@dataclass(frozen=True, slots=True)
class CharterParameters:
    """What the services execute. Amounts are minor units of the token; shares add up to 10,000.

    Those with a preset came after the first charters: a document that leaves one out means the preset, and
    keeps its hash.
    """

    preset: str
    token_symbol: str
    token_scale: int
    supply_minor: int
    treasury_share_basis_points: int
    founder_share_basis_points: int
    early_members_share_basis_points: int
    joining_grant_minor: int
    joining_grants_per_day: int
    admission: str
    review_seconds: int
    visibility_members: str
    visibility_backlinks: str
    visibility_voices: str
    visibility_pledges: str
    visibility_balances: str
    founder_cliff_seconds: int = 0
    founder_vesting_seconds: int = 0
    supply_policy: str = "by_decision"
    joining_grant_halves_every: int = 0
    payment_fee_basis_points: int = 0
    work_fee_basis_points: int = 0
    fee_max_minor: int = SUPPLY_MINOR_MAX
    admissions_per_day: int = 0

    def flat(self) -> dict[str, int | str]:
        """The parameters by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def document(self) -> dict[str, int | str]:
        """The parameters as they stand in the charter's document: amounts are strings there, and what has its
        preset value is left out."""
        return {
            name: str(value) if name.endswith("_minor") else value
            for name, value in self.flat().items()
            if value != PRESET_VALUES.get(name)
        }


PRESET_VALUES = {
    field.name: field.default for field in fields(CharterParameters) if field.default is not MISSING
}


def parameters_of(document: dict[str, int | str]) -> CharterParameters:
    """The parameters back from a charter's document, which was checked when it was written."""
    known = {field.name for field in fields(CharterParameters)}
    values: dict[str, Any] = {
        name: int(value) if name.endswith("_minor") else value
        for name, value in document.items()
        if name in known
    }
    return CharterParameters(**values)


@dataclass(frozen=True, slots=True)
class Charter:
    """One version of a union's charter."""

    union_id: UUID
    version: int
    purpose: str
    values: tuple[str, ...]
    bylaws: str
    parameters: CharterParameters

    def document(self) -> dict[str, object]:
        """What is hashed and accepted; anybody can recompute the hash from it."""
        return {
            "format": "guildhall-charter-1",
            "union_id": str(self.union_id),
            "version": self.version,
            "purpose": self.purpose,
            "values": list(self.values),
            "bylaws": self.bylaws,
            "parameters": self.parameters.document(),
        }

    def hash(self) -> str:
        """SHA-256 in hex over the document's canonical JSON (RFC 8785: keys are ASCII, numbers integers
        below 2^53, so sorted compact JSON in UTF-8 is canonical)."""
        canonical = json.dumps(self.document(), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return hashlib.sha256(canonical.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True)
class Amendment:
    """What a founder wants otherwise; None leaves a part as it is."""

    purpose: str | None = None
    values: tuple[str, ...] | None = None
    bylaws: str | None = None
    parameters: dict[str, int | str] | None = None


def with_parameters(parameters: CharterParameters, wanted: dict[str, int | str]) -> CharterParameters:
    """The parameters with those wanted, within their limits. Raises ParameterRefused."""
    changed = replace(parameters, **wanted)  # pyright: ignore[reportArgumentType]  # checked next
    check_parameters(changed.flat())
    return changed


def amend(charter: Charter, amendment: Amendment, members: int) -> Charter:
    """The next version of the charter, or the same one when nothing differs.

    Raises CharterNeedsDecision from the tenth member on, ParameterFixed and ParameterRefused.
    """
    if members >= FREE_AMENDMENT_BELOW_MEMBERS:
        raise CharterNeedsDecision(members, FREE_AMENDMENT_BELOW_MEMBERS)
    parameters = charter.parameters
    if amendment.parameters:
        present = parameters.flat()
        for name in FIXED_AT_FOUNDING:
            if name in amendment.parameters and amendment.parameters[name] != present[name]:
                raise ParameterFixed(name)
        parameters = with_parameters(parameters, amendment.parameters)
    changed = replace(
        charter,
        purpose=charter.purpose if amendment.purpose is None else amendment.purpose,
        values=charter.values if amendment.values is None else amendment.values,
        bylaws=charter.bylaws if amendment.bylaws is None else amendment.bylaws,
        parameters=parameters,
    )
    return charter if changed == charter else replace(changed, version=charter.version + 1)
