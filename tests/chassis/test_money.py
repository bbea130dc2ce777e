"""Money's text form, and the bounds of what a body may say."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from chassis.money import MINOR_MAX, Asset, Money, MoneyBody


@pytest.mark.parametrize(
    ("minor", "scale", "text"),
    [
        (250_000_000, 6, "250.00"),
        (1, 6, "0.000001"),
        (-1_500_000, 6, "-1.50"),
        (0, 6, "0.00"),
        (7, 0, "7"),
        (15, 1, "1.5"),
        (1_234_567_891, 9, "1.234567891"),
    ],
)
def test_money_is_written_with_its_decimals(minor: int, scale: int, text: str) -> None:
    assert Money("GLD", scale, minor).text() == text


@given(st.integers(-MINOR_MAX, MINOR_MAX), st.integers(0, 18))
def test_the_text_form_loses_no_unit(minor: int, scale: int) -> None:
    text = Money("GLD", scale, minor).text()
    whole, _, decimals = text.lstrip("-").partition(".")
    read = int(whole) * 10**scale + int(decimals.ljust(scale, "0") or 0)
    assert read == abs(minor)
    assert text.startswith("-") == (minor < 0)


def test_an_answer_carries_minor_units_as_a_string() -> None:
    view = Asset("GLD", 6).money(MINOR_MAX).view()
    assert view.model_dump() == {"asset": "GLD", "minor": str(MINOR_MAX), "text": "4611686018427.387904"}


@pytest.mark.parametrize("minor", ["", "-1", "1.0", "01", " 1", "1e3", "9" * 20, "²"])
def test_a_body_takes_only_digits(minor: str) -> None:
    with pytest.raises(ValidationError):
        MoneyBody(asset="GLD", minor=minor)


def test_an_amount_above_every_supply_is_refused() -> None:
    with pytest.raises(ValueError, match="2\\^62"):
        MoneyBody(asset="GLD", minor=str(MINOR_MAX + 1)).amount_minor()
