"""Amounts of money: whole minor units of an asset, written out as text; no float touches them."""

from dataclasses import dataclass
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

MINOR_MAX = 2**62
SCALE_MAX = 18


@dataclass(frozen=True, slots=True)
class Asset:
    """What an account counts: a symbol of its union and the number of decimals of its text form."""

    symbol: str
    scale: int

    def money(self, minor: int) -> "Money":
        return Money(self.symbol, self.scale, minor)


@dataclass(frozen=True, slots=True)
class Money:
    """An amount of an asset in minor units; 1 unit = 10**scale minor units."""

    asset: str
    scale: int
    minor: int

    def text(self) -> str:
        """The amount with its decimals, at least two where the scale has them: 250000000 at 6 is 250.00."""
        sign = "-" if self.minor < 0 else ""
        whole, part = divmod(abs(self.minor), 10**self.scale)
        if self.scale == 0:
            return f"{sign}{whole}"
        decimals = f"{part:0{self.scale}d}".rstrip("0").ljust(min(2, self.scale), "0")
        return f"{sign}{whole}.{decimals}"

    def view(self) -> "MoneyView":
        return MoneyView(asset=self.asset, minor=str(self.minor), text=self.text())


AssetSymbol = Annotated[str, Field(pattern=r"^[A-Z][A-Z0-9]{1,9}$", examples=["GLD"])]
MinorText = Annotated[
    str,
    Field(
        pattern=r"^(0|[1-9][0-9]{0,18})$",
        description="Whole minor units as a string, at most 2^62: JavaScript rounds integers above 2^53.",
        examples=["250000000"],
    ),
]


def _fits(minor: str) -> str:
    if int(minor) > MINOR_MAX:
        raise ValueError("an amount is at most 2^62 minor units")
    return minor


Minor = Annotated[MinorText, AfterValidator(_fits)]
"""An amount in a body: no supply is larger than 2^62."""


class MoneyView(BaseModel):
    """Money in an answer."""

    model_config = ConfigDict(frozen=True, json_schema_extra={"required": ["asset", "minor", "text"]})

    asset: AssetSymbol
    minor: Annotated[str, Field(pattern=r"^-?(0|[1-9][0-9]{0,18})$", examples=["250000000"])]
    text: Annotated[str, Field(examples=["250.00"])]


class MoneyBody(BaseModel):
    """Money in a request: an asset's symbol and minor units."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    asset: AssetSymbol
    minor: Minor

    def amount_minor(self) -> int:
        return int(self.minor)


class DebitBody(MoneyBody):
    """What a signed act lets a service take from its author: the ledger checks it itself."""

    to: Annotated[
        str,
        Field(
            min_length=1,
            max_length=120,
            description="An account, or the resource whose escrow it is.",
            examples=["agreements/0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"],
        ),
    ]
