"""What the graph takes from identity: unions, and who counts in them."""

from collections.abc import Callable, Sequence

from chassis.consumers import Consumers
from chassis.erasure import consume_erasures
from chassis.membership import keep_union
from chassis.unit_of_work import UnitOfWork
from events.identity import MembershipState, UnionState
from services.graph.use_cases.keep_memberships import keep_memberships


def graph_consumers(wake_engine: Callable[[], None]) -> Consumers:
    """The group's handlers; the engine is woken after each batch that moved a membership."""
    consumers = Consumers("graph")

    @consumers.on(UnionState)
    async def on_union(unit: UnitOfWork, event: UnionState) -> None:
        await keep_union(await unit.raw(), event)

    @consumers.on_many(MembershipState)
    async def on_memberships(unit: UnitOfWork, events: Sequence[MembershipState]) -> None:
        await keep_memberships(unit, events)
        unit.after_commit(wake_engine)

    consume_erasures(consumers)
    return consumers
