"""The charter's parameters as bodies, made from the one table: limits and descriptions stand there alone."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, create_model

from chassis.fields import LINE_PATTERN
from chassis.money import MinorText
from services.identity.domain.parameters import (
    PARAMETERS,
    TOKEN_SYMBOL_PATTERN,
    Parameter,
    ParameterKind,
)

_LITERAL: Any = Literal


def _shown_type(parameter: Parameter) -> Any:
    return int if parameter.kind is ParameterKind.INTEGER else str


def _wanted_type(parameter: Parameter) -> Any:
    match parameter.kind:
        case ParameterKind.INTEGER:
            return Annotated[int, Field(ge=parameter.least, le=parameter.most)]
        case ParameterKind.AMOUNT:
            return MinorText
        case ParameterKind.CHOICE:
            return _LITERAL[parameter.choices]
        case ParameterKind.SYMBOL:
            return Annotated[str, StringConstraints(pattern=TOKEN_SYMBOL_PATTERN)]
        case ParameterKind.RULE:
            length = StringConstraints(max_length=parameter.most, pattern=LINE_PATTERN)
            return Annotated[str, length, Field(examples=["invitation or (application and vouching:3)"])]


def _shown(parameter: Parameter) -> Any:
    kind = _shown_type(parameter)
    if parameter.default is None:
        return kind, Field(description=parameter.meaning)
    return kind | None, Field(None, description=f"{parameter.meaning} Left out: {parameter.default}.")


def _wanted(parameter: Parameter) -> Any:
    return _wanted_type(parameter) | None, Field(None, description=parameter.meaning)


_Shown: Any = create_model("_Shown", **{name: _shown(one) for name, one in PARAMETERS.items()})
_Wanted: Any = create_model(
    "_Wanted", **{name: _wanted(one) for name, one in PARAMETERS.items() if name != "preset"}
)


class ParametersView(_Shown):
    """What the services execute; amounts are strings of minor units. What is left out has its default."""


class ParametersBody(_Wanted):
    """Parameters that shall be otherwise."""

    model_config = ConfigDict(extra="forbid")


def parameter_wishes(body: BaseModel | None) -> dict[str, int | str] | None:
    """The parameters that were named, amounts as integers."""
    if body is None:
        return None
    named: dict[str, int | str] = body.model_dump(exclude_none=True)
    return {
        name: int(value) if PARAMETERS[name].kind is ParameterKind.AMOUNT else value
        for name, value in named.items()
    }
