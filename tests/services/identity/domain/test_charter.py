"""The charter: its canonical hash, its versions, its free time and the limits of its parameters."""

import hashlib
import json
from dataclasses import replace
from uuid import UUID

import pytest

from services.identity.domain.charter import (
    FIXED_AT_FOUNDING,
    Amendment,
    amend,
    parameters_of,
    with_parameters,
)
from services.identity.domain.errors import CharterNeedsDecision, ParameterFixed, ParameterRefused
from services.identity.domain.parameters import PresetName
from services.identity.domain.preset import founding_charter

UNION_ID = UUID("0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f")
CHARTER = founding_charter(
    PresetName.GUILD_OF_FREELANCERS, UNION_ID, "Guildhall", "Work for each other — fairly"
)


def test_the_hash_is_that_of_the_document_written_canonically() -> None:
    written = json.dumps(
        dict(reversed(list(CHARTER.document().items()))),
        sort_keys=True,
        separators=(",", ":"),
        ensure_ascii=False,
    )
    assert CHARTER.hash() == hashlib.sha256(written.encode()).hexdigest()
    assert "—" in written


def test_the_hash_commits_to_union_version_and_every_part() -> None:
    others = [
        replace(CHARTER, union_id=UUID(int=1)),
        replace(CHARTER, version=2),
        replace(CHARTER, purpose="another"),
        replace(CHARTER, values=()),
        replace(CHARTER, bylaws=""),
        replace(CHARTER, parameters=replace(CHARTER.parameters, review_seconds=60)),
    ]
    assert len({charter.hash() for charter in [CHARTER, *others]}) == len(others) + 1


def test_a_charter_of_before_a_parameter_existed_keeps_its_hash() -> None:
    assert CHARTER.hash() == "773d5289872e30de1284569b1cea2be767d19c3753c048458f6c1d489c2be9ff"
    assert "fee_max_minor" not in CHARTER.parameters.document()


def test_a_parameter_that_is_not_its_preset_is_hashed_and_comes_back() -> None:
    parameters = with_parameters(CHARTER.parameters, {"payment_fee_basis_points": 50, "fee_max_minor": 9})
    document = parameters.document()
    assert (document["payment_fee_basis_points"], document["fee_max_minor"]) == (50, "9")
    assert parameters_of(document) == parameters
    assert replace(CHARTER, parameters=parameters).hash() != CHARTER.hash()


def test_amounts_are_strings_in_the_document_and_come_back_as_numbers() -> None:
    document = CHARTER.parameters.document()
    assert document["supply_minor"] == "10000000000000"
    assert parameters_of(document) == CHARTER.parameters


def test_an_amendment_is_the_next_version_with_the_rest_as_it_was() -> None:
    amended = amend(CHARTER, Amendment(purpose="New", parameters={"review_seconds": 60}), members=9)
    assert amended.version == 2
    assert amended.purpose == "New"
    assert amended.parameters.review_seconds == 60
    assert amended.bylaws == CHARTER.bylaws


def test_an_amendment_that_changes_nothing_makes_no_version() -> None:
    assert amend(CHARTER, Amendment(purpose=CHARTER.purpose), members=1) is CHARTER


def test_from_the_tenth_member_on_a_charter_needs_a_decision() -> None:
    with pytest.raises(CharterNeedsDecision) as refusal:
        amend(CHARTER, Amendment(purpose="New"), members=10)
    assert refusal.value.free_below == 10


@pytest.mark.parametrize("name", FIXED_AT_FOUNDING)
def test_token_and_genesis_are_fixed_at_founding(name: str) -> None:
    present = CHARTER.parameters.flat()[name]
    other: int | str = "OTHER" if isinstance(present, str) else present + 1
    with pytest.raises(ParameterFixed) as refusal:
        amend(CHARTER, Amendment(parameters={name: other}), members=1)
    assert refusal.value.parameter == name


def test_naming_a_fixed_parameter_as_it_is_is_no_change() -> None:
    assert amend(CHARTER, Amendment(parameters={"token_scale": 6}), members=1) is CHARTER


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("token_symbol", "ETH"),
        ("token_symbol", "gld"),
        ("token_symbol", "X"),
        ("token_scale", 10),
        ("supply_minor", 0),
        ("supply_minor", 2**62 + 1),
        ("treasury_share_basis_points", 7_999),
        ("founder_share_basis_points", -1),
        ("joining_grant_minor", 10_000_000_000_001),
        ("joining_grants_per_day", 1_000_001),
        ("review_seconds", 0),
        ("review_seconds", "60"),
        ("admission", "closed"),
        ("visibility_members", "friends"),
        ("preset", "anarchy"),
        ("founder_vesting_seconds", 315_360_001),
        ("founder_cliff_seconds", 1),
        ("joining_grant_halves_every", -1),
        ("payment_fee_basis_points", 1_001),
        ("work_fee_basis_points", -1),
        ("fee_max_minor", 2**62 + 1),
        ("supply_policy", "as_we_like"),
    ],
)
def test_a_parameter_outside_its_limits_is_refused_with_what_would_be_right(
    name: str, value: int | str
) -> None:
    with pytest.raises(ParameterRefused) as refusal:
        with_parameters(CHARTER.parameters, {name: value})
    assert refusal.value.parameter in (name, "treasury_share_basis_points")
    assert refusal.value.expected


def test_shares_that_make_a_whole_are_accepted() -> None:
    shares: dict[str, int | str] = {
        "treasury_share_basis_points": 5_000,
        "founder_share_basis_points": 0,
        "early_members_share_basis_points": 5_000,
    }
    assert with_parameters(CHARTER.parameters, shares).founder_share_basis_points == 0
