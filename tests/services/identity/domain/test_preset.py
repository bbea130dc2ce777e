"""The presets: whole charters, within their own limits, from a name and a purpose."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.charter_limits import check_parameters
from services.identity.domain.parameters import PARAMETERS, PresetName
from services.identity.domain.preset import (
    PRESETS,
    derive_token_symbol,
    founding_charter,
    preset_parameters,
)

UNION_ID = UUID("0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f")


@pytest.mark.parametrize(
    ("name", "symbol"),
    [
        ("Guildhall", "GLD"),
        ("Guild of Lisbon", "GOL"),
        ("Ada", "ADA"),
        ("Café", "CAF"),
        ("Гильдия", "GLD"),
        ("Eth", "ETHU"),
        ("7", "GLD"),
        ("One two three four five six", "OTTFF"),
    ],
)
def test_the_symbol_is_derived_from_the_name(name: str, symbol: str) -> None:
    assert derive_token_symbol(name) == symbol


@given(st.sampled_from(PresetName), st.text(min_size=1, max_size=80))
def test_every_preset_and_name_gives_a_charter_within_the_limits(preset: PresetName, name: str) -> None:
    charter = founding_charter(preset, UNION_ID, name, "work")
    check_parameters(charter.parameters.flat())
    assert charter.parameters.preset == preset.value


def test_the_guilds_genesis_is_the_documented_one() -> None:
    parameters = founding_charter(PresetName.GUILD_OF_FREELANCERS, UNION_ID, "Guildhall", "work").parameters
    assert parameters.supply_minor == 10_000_000 * 10**parameters.token_scale
    assert parameters.joining_grant_minor == 250 * 10**parameters.token_scale
    assert (
        parameters.treasury_share_basis_points,
        parameters.founder_share_basis_points,
        parameters.early_members_share_basis_points,
    ) == (8_000, 1_000, 1_000)
    assert parameters.joining_grants_per_day == 2_000


@pytest.mark.parametrize("preset", PresetName)
def test_a_preset_has_a_sentence_values_and_bylaws_of_its_own(preset: PresetName) -> None:
    text = PRESETS[preset]
    assert text.summary.endswith(".") and "\n" not in text.summary
    assert 1 <= len(text.values) <= 20 and all(0 < len(value) <= 300 for value in text.values)
    assert text.bylaws.startswith("# Bylaws\n") and len(text.bylaws) < 50_000
    assert "These rules" in text.bylaws
    assert sum(other.bylaws == text.bylaws for other in PRESETS.values()) == 1


def test_the_presets_differ_in_what_their_kinds_need() -> None:
    of = {preset: preset_parameters(preset) for preset in PresetName}
    assert of[PresetName.CONSUMERS_AND_TENANTS]["founder_share_basis_points"] == 0
    assert of[PresetName.CONSUMERS_AND_TENANTS]["visibility_pledges"] == "nobody"
    assert of[PresetName.CONSUMERS_AND_TENANTS]["acceptance_by_silence"] == "suspends"
    assert of[PresetName.CREATOR_AND_SUPPORTERS]["admission"] == "invitation"
    assert of[PresetName.OPEN_SOURCE_PROJECT]["visibility_members"] == "public"
    assert all(parameters.keys() == PARAMETERS.keys() - {"token_symbol"} for parameters in of.values())
