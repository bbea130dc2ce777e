"""The genesis splits a supply exactly, whatever the supply and the shares."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.domain.errors import ParameterMissing, SharesDoNotAddUp, SupplyOutOfBounds
from services.ledger.domain.genesis import (
    GenesisPlan,
    GenesisSplit,
    genesis_plan,
    split_exactly,
    split_genesis,
)

PRESET = GenesisPlan(10_000_000_000_000, 8_000, 1_000, 1_000)


def test_the_preset_gives_eighty_ten_and_ten_per_cent() -> None:
    assert split_genesis(PRESET) == GenesisSplit(8_000_000_000_000, 1_000_000_000_000, 1_000_000_000_000)


def test_units_left_over_go_to_the_largest_remainders_then_in_order() -> None:
    assert split_exactly(1, (3_333, 3_333, 3_334)) == (0, 0, 1)
    assert split_exactly(2, (5_000, 2_500, 2_500)) == (1, 1, 0)
    assert split_exactly(3, (5_000, 5_000, 0)) == (2, 1, 0)


@given(
    st.integers(1, 2**62),
    st.tuples(st.integers(0, 10_000), st.integers(0, 10_000)).map(sorted),
)
def test_the_parts_make_the_whole_and_each_is_within_a_unit_of_its_share(
    supply: int, cuts: list[int]
) -> None:
    shares = (cuts[0], cuts[1] - cuts[0], 10_000 - cuts[1])
    parts = split_exactly(supply, shares)
    assert sum(parts) == supply
    for part, share in zip(parts, shares, strict=True):
        assert abs(part * 10_000 - supply * share) < 10_000


@pytest.mark.parametrize("shares", [(8_000, 1_000, 999), (8_000, 1_000, 1_001), (10_001, -1, 0)])
def test_shares_that_do_not_make_the_whole_are_refused(shares: tuple[int, int, int]) -> None:
    with pytest.raises(SharesDoNotAddUp):
        split_genesis(GenesisPlan(1_000, *shares))


@pytest.mark.parametrize("supply", [0, -1, 2**62 + 1])
def test_a_supply_out_of_bounds_is_refused(supply: int) -> None:
    with pytest.raises(SupplyOutOfBounds):
        split_genesis(GenesisPlan(supply, 8_000, 1_000, 1_000))


def test_the_plan_is_read_from_the_charter_whose_amounts_are_digits() -> None:
    parameters: dict[str, object] = {
        "supply_minor": "10000000000000",
        "treasury_share_basis_points": 8_000,
        "founder_share_basis_points": 1_000,
        "early_members_share_basis_points": 1_000,
    }
    assert genesis_plan(parameters) == PRESET
    for name in parameters:
        for wrong in (None, "-1", "", "1.5", True):
            with pytest.raises(ParameterMissing):
                genesis_plan({**parameters, name: wrong})
