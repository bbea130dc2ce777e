"""The table of parameters: whole, sound, and the same that charters, bodies and limits are made of."""

from dataclasses import MISSING, fields

import pytest

from services.identity.api.parameter_bodies import ParametersBody, ParametersView
from services.identity.domain.charter import FIXED_AT_FOUNDING, CharterParameters
from services.identity.domain.parameters import DEFAULTS, PARAMETERS, ParameterKind


def test_a_charter_has_the_parameters_of_the_table_with_their_defaults() -> None:
    assert [field.name for field in fields(CharterParameters)] == list(PARAMETERS)
    given = {field.name: field.default for field in fields(CharterParameters) if field.default is not MISSING}
    assert given == DEFAULTS


def test_the_bodies_are_made_of_the_table() -> None:
    assert list(ParametersView.model_fields) == list(PARAMETERS)
    assert list(ParametersBody.model_fields) == [name for name in PARAMETERS if name != "preset"]
    schema = ParametersBody.model_json_schema()["properties"]
    number, *_ = schema["review_seconds"]["anyOf"]
    assert (number["minimum"], number["maximum"]) == (1, 90 * 86_400)
    choice, *_ = schema["acceptance_by_silence"]["anyOf"]
    assert choice["enum"] == ["accepts", "suspends", "leaves"]
    assert schema["admission"]["description"] == PARAMETERS["admission"].meaning


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_what_it_is_and_its_default_is_within_its_limits(name: str) -> None:
    parameter = PARAMETERS[name]
    assert parameter.meaning.endswith(".")
    if parameter.default is not None:
        assert parameter.admits(parameter.default)
    if parameter.kind is ParameterKind.CHOICE:
        assert len(parameter.choices) > 1
        assert not parameter.admits("neither")
    elif parameter.kind not in (ParameterKind.SYMBOL, ParameterKind.RULE):
        assert parameter.least < parameter.most
        assert not parameter.admits(parameter.least - 1) and not parameter.admits(parameter.most + 1)
    assert (name.endswith("_minor")) == (parameter.kind is ParameterKind.AMOUNT)
    assert not (parameter.is_fixed and parameter.is_material)


def test_what_is_fixed_is_what_the_token_was_issued_by() -> None:
    assert set(FIXED_AT_FOUNDING) == {
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
    }
