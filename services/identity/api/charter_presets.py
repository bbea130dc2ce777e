"""What a union may be founded by: presets, and the table of parameters with their limits."""

from fastapi import APIRouter
from pydantic import BaseModel, Field

from chassis.problems import problem_responses
from chassis.route import TransactionRoute
from services.identity.domain.parameters import PARAMETERS, TOKEN_SYMBOL_PATTERN, Parameter, ParameterKind
from services.identity.domain.preset import PRESETS, preset_parameters

router = APIRouter(prefix="/v1/charter-presets", route_class=TransactionRoute, tags=["charter"])


class PresetView(BaseModel):
    """A whole charter but for the name, the purpose and the token's symbol."""

    name: str = Field(examples=["guild_of_freelancers"])
    summary: str
    values: list[str]
    bylaws: str = Field(description="Markdown.")
    parameters: dict[str, int | str] = Field(description="Amounts are strings of minor units.")


class ParameterLimitsView(BaseModel):
    """Of one parameter of every charter."""

    name: str
    kind: str = Field(description="integer, amount, choice, symbol, rule.")
    meaning: str
    least: str | None = Field(description="Of integers and amounts, which are beyond 2^53: digits.")
    most: str | None
    choices: list[str]
    pattern: str | None = Field(description="Of a symbol.")
    default: int | str | None = Field(description="What a charter that leaves it out means.")
    fixed_at_founding: bool
    material: bool = Field(description="Whether moving it asks the members to accept anew.")


class PresetsView(BaseModel):
    presets: list[PresetView]
    parameters: list[ParameterLimitsView]


@router.get("", responses=problem_responses(401, 422, 503))
async def get_charter_presets() -> PresetsView:
    """The presets, and what every parameter may be. The same for everybody."""
    return _PRESETS


def _amounts_as_text(parameters: dict[str, int | str]) -> dict[str, int | str]:
    return {
        name: str(value) if PARAMETERS[name].kind is ParameterKind.AMOUNT else value
        for name, value in parameters.items()
    }


def _limits(name: str, parameter: Parameter) -> ParameterLimitsView:
    is_number = parameter.kind in (ParameterKind.INTEGER, ParameterKind.AMOUNT)
    is_amount = parameter.kind is ParameterKind.AMOUNT
    return ParameterLimitsView(
        name=name,
        kind=parameter.kind.value,
        meaning=parameter.meaning,
        least=str(parameter.least) if is_number else None,
        most=str(parameter.most) if is_number else None,
        choices=list(parameter.choices),
        pattern=TOKEN_SYMBOL_PATTERN if parameter.kind is ParameterKind.SYMBOL else None,
        default=str(parameter.default) if is_amount and parameter.default is not None else parameter.default,
        fixed_at_founding=parameter.is_fixed,
        material=parameter.is_material,
    )


_PRESETS = PresetsView(
    presets=[
        PresetView(
            name=name.value,
            summary=text.summary,
            values=list(text.values),
            bylaws=text.bylaws,
            parameters=_amounts_as_text(preset_parameters(name)),
        )
        for name, text in PRESETS.items()
    ],
    parameters=[_limits(name, parameter) for name, parameter in PARAMETERS.items()],
)
