"""Explain a published standing: the share of each backlink, as the graph was at that epoch."""

from dataclasses import dataclass
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.graph.domain.errors import LeaderNotFound, StandingNotPublished
from services.graph.domain.standing import Flow, StandingExplanation, explain_standing
from services.graph.engine.union_view import UnionView
from services.graph.store.standings import Epoch, backlinks_counts_of_supporters, was_root


@dataclass(frozen=True, slots=True)
class ExplainedStanding:
    """`supporters` are the members of the explanation's flows, in their order."""

    epoch: Epoch
    explanation: StandingExplanation
    supporters: tuple[UUID, ...]


async def explain_standing_of(unit: UnitOfWork, view: UnionView, member_id: UUID) -> ExplainedStanding:
    """Raises LeaderNotFound, and StandingNotPublished for a member who joined after the epoch."""
    epoch, standing_of = view.epoch, view.standing_of
    if not view.is_active(member_id):
        raise LeaderNotFound(member_id)
    if epoch is None or member_id not in standing_of:
        raise StandingNotPublished(member_id)
    pool = unit.hot_reads()
    backed_counts = await backlinks_counts_of_supporters(pool, view.union_id, member_id, epoch.version)
    supporters = sorted(backed_counts)
    explanation = explain_standing(
        standing_of[member_id],
        is_root=await was_root(pool, view.union_id, member_id, epoch.version),
        roots_count=epoch.roots_count,
        dangling=epoch.dangling,
        damping=epoch.damping,
        flows=[
            Flow(place, standing_of.get(supporter, 0.0), backed_counts[supporter])
            for place, supporter in enumerate(supporters)
        ],
    )
    return ExplainedStanding(
        epoch, explanation, tuple(supporters[flow.supporter] for flow in explanation.flows)
    )
