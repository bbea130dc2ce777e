"""What the assembly publishes: decisions that passed, each with the one effect that a service carries out."""

from typing import ClassVar

from pydantic import Field

from events.declaration import AssetSymbol, Audience, Declaration, Event, Id, Minor, Moment, Word, fact


class DecisionPassed(Event):
    """A question of the union was answered so that its effect is carried out, once, by the service it
    concerns.

    Effects of the ledger: `issue` and `burn`, of `minor` units of `asset`, into and out of the treasury. What
    came of it is told by `decision.effect.<service>`.
    """

    declaration: ClassVar[Declaration] = fact(
        "decision.passed", "assembly", ("union_id", "decision_id"), Audience.UNION
    )

    union_id: Id
    decision_id: Id
    effect: Word = Field(examples=["issue"])
    asset: AssetSymbol | None = None
    minor: Minor = 0
    passed_at: Moment
