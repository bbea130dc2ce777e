"""What identity takes from the others: whom to tell of what."""

from chassis.consumers import Consumers
from chassis.unit_of_work import UnitOfWork
from events.funding import FundingNotice
from events.graph import GraphNotice
from events.ledger import LedgerNotice
from events.market import MarketNotice
from services.identity.notices.use_cases.take_notices import take_notice
from services.identity.settings import IdentitySettings


def identity_consumers(settings: IdentitySettings) -> Consumers:
    gather = settings.notice_gather
    consumers = Consumers("identity")

    @consumers.on(GraphNotice)
    async def on_graph(unit: UnitOfWork, notice: GraphNotice) -> None:
        await take_notice(unit, notice, gather)

    @consumers.on(MarketNotice)
    async def on_market(unit: UnitOfWork, notice: MarketNotice) -> None:
        await take_notice(unit, notice, gather)

    @consumers.on(LedgerNotice)
    async def on_ledger(unit: UnitOfWork, notice: LedgerNotice) -> None:
        await take_notice(unit, notice, gather)

    @consumers.on(FundingNotice)
    async def on_funding(unit: UnitOfWork, notice: FundingNotice) -> None:
        await take_notice(unit, notice, gather)

    return consumers
