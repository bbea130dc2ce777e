"""The charter: purpose, values, bylaws and typed parameters; versioned and hashed over canonical JSON."""

import hashlib
import json
from dataclasses import dataclass, fields, replace
from typing import Any
from uuid import UUID

from services.identity.domain.charter_limits import check_parameters
from services.identity.domain.errors import CharterNeedsDecision, ParameterFixed
from services.identity.domain.parameters import DEFAULTS, PARAMETERS, default_number, default_word, is_amount

FREE_AMENDMENT_BELOW_MEMBERS = 10
"""The founder amends alone as long as the union has fewer members than this."""

FIXED_AT_FOUNDING = tuple(name for name, parameter in PARAMETERS.items() if parameter.is_fixed)


@dataclass(frozen=True, slots=True)
class CharterParameters:
    """What the services execute. Amounts are minor units of the token; shares add up to 10,000.

    Those with a default came after the first charters: a document that leaves one out means the default, and
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
    founder_cliff_seconds: int = default_number("founder_cliff_seconds")
    founder_vesting_seconds: int = default_number("founder_vesting_seconds")
    supply_policy: str = default_word("supply_policy")
    joining_grant_halves_every: int = default_number("joining_grant_halves_every")
    payment_fee_basis_points: int = default_number("payment_fee_basis_points")
    work_fee_basis_points: int = default_number("work_fee_basis_points")
    fee_max_minor: int = default_number("fee_max_minor")
    backlinks_max_count: int = default_number("backlinks_max_count")
    acceptance_grace_seconds: int = default_number("acceptance_grace_seconds")
    acceptance_by_silence: str = default_word("acceptance_by_silence")
    admissions_per_day: int = default_number("admissions_per_day")

    def flat(self) -> dict[str, int | str]:
        """The parameters by name."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    def document(self) -> dict[str, int | str]:
        """The parameters as they stand in the charter's document: amounts are strings there, and what has its
        default is left out."""
        return {
            name: str(value) if is_amount(name) else value
            for name, value in self.flat().items()
            if value != DEFAULTS.get(name)
        }


def parameters_of(document: dict[str, int | str]) -> CharterParameters:
    """The parameters back from a charter's document, which was checked when it was written."""
    known = {field.name for field in fields(CharterParameters)}
    values: dict[str, Any] = {
        name: int(value) if is_amount(name) else value for name, value in document.items() if name in known
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


def is_material(before: Charter, after: Charter) -> bool:
    """Whether the members are asked anew: a text is another one, or a parameter that binds them."""
    if (before.purpose, before.values, before.bylaws) != (after.purpose, after.values, after.bylaws):
        return True
    old, new = before.parameters.flat(), after.parameters.flat()
    return any(old[name] != new[name] for name, one in PARAMETERS.items() if one.is_material)
