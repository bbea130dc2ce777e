"""What funding takes from the events of others: memberships, and the ledger's runs that refund pledges."""

from chassis.consumers import Consumers
from chassis.erasure import consume_erasures
from chassis.membership import project_memberships
from chassis.unit_of_work import UnitOfWork
from events.ledger import RunState
from services.funding.settings import FundingSettings
from services.funding.use_cases.answer_settlement import answer_refund_run


def funding_consumers(settings: FundingSettings) -> Consumers:
    consumers = Consumers("funding")
    project_memberships(consumers)
    consume_erasures(consumers)

    @consumers.on(RunState)
    async def on_run(unit: UnitOfWork, event: RunState) -> None:
        if event.state not in {"finished", "refused"}:
            return
        await answer_refund_run(
            unit,
            event.union_id,
            event.run_id,
            refusal=None if event.state == "finished" else f"run_{event.state}",
            refused_count=event.refused_count,
            retry_seconds=settings.settlement_retry_seconds,
        )

    return consumers
