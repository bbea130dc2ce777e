"""What identity takes from the others: whom to tell of what."""

from collections.abc import Sequence

from chassis.consumers import Consumers
from chassis.unit_of_work import UnitOfWork
from events.funding import FundingNotice
from events.graph import GraphNotice
from events.ledger import LedgerNotice
from events.market import MarketNotice
from services.identity.notices.use_cases.take_notices import take_notices
from services.identity.settings import IdentitySettings


def identity_consumers(settings: IdentitySettings) -> Consumers:
    gather = settings.notice_gather
    consumers = Consumers("identity")

    @consumers.on_many(GraphNotice)
    async def on_graph(unit: UnitOfWork, notices: Sequence[GraphNotice]) -> None:
        await take_notices(unit, notices, gather)

    @consumers.on_many(MarketNotice)
    async def on_market(unit: UnitOfWork, notices: Sequence[MarketNotice]) -> None:
        await take_notices(unit, notices, gather)

    @consumers.on_many(LedgerNotice)
    async def on_ledger(unit: UnitOfWork, notices: Sequence[LedgerNotice]) -> None:
        await take_notices(unit, notices, gather)

    @consumers.on_many(FundingNotice)
    async def on_funding(unit: UnitOfWork, notices: Sequence[FundingNotice]) -> None:
        await take_notices(unit, notices, gather)

    return consumers
