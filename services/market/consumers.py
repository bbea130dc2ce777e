"""What the market takes from the events of others: unions, who belongs to them, and who is no more."""

from chassis.consumers import Consumers
from chassis.erasure import begin_erasure
from chassis.membership import project_memberships
from chassis.unit_of_work import UnitOfWork
from events.identity import MemberErased
from services.market.use_cases.withdraw_all_of import WITHDRAW_ALL


def market_consumers() -> Consumers:
    consumers = Consumers("market")
    project_memberships(consumers)

    @consumers.on(MemberErased)
    async def on_erased(unit: UnitOfWork, event: MemberErased) -> None:
        await unit.set_timer(WITHDRAW_ALL, str(event.member_id), unit.now)
        await begin_erasure(unit, event.member_id, event.erased_at)

    return consumers
