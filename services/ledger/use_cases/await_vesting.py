"""How the founder's share of a union vests, and the timer of its next step."""

from datetime import datetime
from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.genesis import genesis_plan, split_genesis
from services.ledger.domain.vesting import VestingPlan, vesting_plan

VEST = "vest"


def founders_plan(union: UnionView) -> VestingPlan:
    """Since the union was founded, as its charter said then: what it says of that is never amended."""
    founder_minor = split_genesis(genesis_plan(union.parameters)).founder_minor
    return vesting_plan(union.parameters, founder_minor, union.founded_at)


async def wait_for_step(unit: UnitOfWork, union_id: UUID, due: datetime | None) -> None:
    if due is not None:
        await unit.set_timer(VEST, str(union_id), due, {"union_id": str(union_id)})
