"""What identity takes from the others: whom to tell of what."""

from collections.abc import Sequence

from chassis.consumers import Consumers
from chassis.unit_of_work import UnitOfWork
from events.funding import FundingNotice
from events.graph import GraphNotice
from events.ledger import LedgerNotice
from events.market import MarketNotice
from events.notices import NoticeRequested
from services.identity.notices.use_cases.take_notices import take_notices
from services.identity.settings import IdentitySettings


def identity_consumers(settings: IdentitySettings) -> Consumers:
    gather = settings.notice_gather
    consumers = Consumers("identity")

    async def take(unit: UnitOfWork, notices: Sequence[NoticeRequested]) -> None:
        await take_notices(unit, notices, gather)

    for notice in (GraphNotice, MarketNotice, LedgerNotice, FundingNotice):
        consumers.on_many(notice)(take)
    return consumers
