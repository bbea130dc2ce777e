"""Amounts are exact both ways; what does not divide is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.ledger.bridge.domain.amounts import MINOR_LIMIT, chain_amount, minor_amount, unit_of
from services.ledger.bridge.domain.errors import AmountDoesNotDivide

SCALES = st.integers(min_value=0, max_value=18)


@given(st.integers(min_value=1, max_value=MINOR_LIMIT), SCALES)
def test_there_and_back_is_the_same(minor: int, scale: int) -> None:
    assert minor_amount(chain_amount(minor, scale), scale) == minor


@given(st.integers(min_value=0, max_value=2**256 - 1), SCALES)
def test_an_amount_of_the_chain_is_credited_whole_or_refused(amount: int, scale: int) -> None:
    minor, rest = divmod(amount, unit_of(scale))
    if rest or not 0 < minor <= MINOR_LIMIT:
        with pytest.raises(AmountDoesNotDivide) as refused:
            minor_amount(amount, scale)
        assert refused.value.unit == str(unit_of(scale))
    else:
        assert minor_amount(amount, scale) == minor


@pytest.mark.parametrize("amount", [0, 1, 10**12 - 1, 10**12 + 1, (MINOR_LIMIT + 1) * 10**12])
def test_nothing_dust_and_more_than_any_supply_are_refused(amount: int) -> None:
    with pytest.raises(AmountDoesNotDivide):
        minor_amount(amount, 6)


def test_a_unit_of_scale_six_is_ten_to_the_twelve() -> None:
    assert (unit_of(6), unit_of(18), chain_amount(250_000_000, 6)) == (10**12, 1, 250 * 10**18)
