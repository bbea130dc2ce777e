"""The preset: a whole charter, within its own limits, from a name and a purpose."""

from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.identity.domain.charter_limits import check_parameters
from services.identity.domain.preset import derive_token_symbol, guild_of_freelancers

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


@given(st.text(min_size=1, max_size=80))
def test_every_name_gives_a_charter_within_the_limits(name: str) -> None:
    check_parameters(guild_of_freelancers(UNION_ID, name, "work").parameters.flat())


def test_the_genesis_is_the_documented_one() -> None:
    parameters = guild_of_freelancers(UNION_ID, "Guildhall", "work").parameters
    assert parameters.supply_minor == 10_000_000 * 10**parameters.token_scale
    assert parameters.joining_grant_minor == 250 * 10**parameters.token_scale
    assert (
        parameters.treasury_share_basis_points,
        parameters.founder_share_basis_points,
        parameters.early_members_share_basis_points,
    ) == (8_000, 1_000, 1_000)
    assert parameters.joining_grants_per_day == 2_000
