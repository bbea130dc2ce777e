"""Leaders with their four figures. Members see names, outsiders see counts (the charter's default)."""

from datetime import datetime
from typing import Annotated, TypedDict
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.membership import MaybeMember
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.graph.api.dependencies import Insider, ViewOfUnion
from services.graph.domain.errors import LeaderNotFound
from services.graph.domain.leaders import Figure, LeaderFigures, Place
from services.graph.engine.union_view import UnionView

router = APIRouter(prefix="/v1/unions/{union}/leaders", route_class=TransactionRoute, tags=["leaders"])


class EpochView(BaseModel):
    """The publication of standing that the answer shows: of which graph version, and how old."""

    epoch: int
    version: int
    computed_at: datetime
    age_seconds: int


class LeaderView(BaseModel):
    """A leader's four figures; `member_id` is null for outsiders."""

    rank: int = Field(ge=1, description="By the figure that the list is sorted by.")
    member_id: UUID | None
    supporters_count: int = Field(description="Direct supporters.")
    speaks_for_count: int = Field(description="People in their branch of the voice tree, each once.")
    reach_count: int = Field(description="People who reach them within two backlinks, each once.")
    standing: float | None = Field(
        description="Share of the trust that flows from the founder along backlinks; all sum to 1."
    )


class LeadersPage(Page[LeaderView]):
    """Leaders in the order of one figure, and what the union has in all."""

    union_id: UUID
    version: int = Field(description="The version of the union's graph that was read.")
    sorted_by: Figure
    standing: EpochView | None
    members_count: int
    leaders_count: int
    backlinks_count: int
    voices_count: int


class LeaderAnswer(LeaderView):
    """One member's figures."""

    union_id: UUID
    version: int
    standing_epoch: EpochView | None
    loop_members_count: int = Field(
        description="Members of the loop in which their own voice rests; 0: none."
    )


@router.get("", responses=problem_responses(400, 401, 404, 422, 503))
async def list_leaders(
    unit: Unit,
    caller: MaybeMember,
    view: ViewOfUnion,
    paging: Paging,
    sort: Annotated[Figure, Query(description="The figure to sort by, largest first.")] = Figure.STANDING,
) -> LeadersPage:
    """Everybody with a supporter, by one of the four figures."""
    after = None if paging.after is None else _place_after(sort, paging.after)
    places = view.places_after(sort, after, paging.limit + 1)
    shown = places[: paging.limit]
    first_rank = 1 if not shown else view.rank(sort, shown[0])
    items = [
        _leader_view(view, place.member_id, first_rank + offset, named=caller is not None)
        for offset, place in enumerate(shown)
    ]
    more = len(places) > paging.limit
    cursor = (sort.value, shown[-1].descending.hex(), str(shown[-1].member_id)) if more else None
    page = paging.page(items, cursor)
    return LeadersPage(
        items=page.items,
        next_cursor=page.next_cursor,
        union_id=view.union_id,
        version=view.version,
        sorted_by=sort,
        standing=epoch_view(view, unit.now),
        members_count=view.graph.active_count,
        leaders_count=len(view.order(sort)),
        backlinks_count=view.graph.backlinks_count,
        voices_count=view.graph.voices_count,
    )


@router.get("/{member}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_leader(unit: Unit, _: Insider, view: ViewOfUnion, member: UUID) -> LeaderAnswer:
    """One member's figures, ranked by standing."""
    figures = view.figures(member)
    if figures is None:
        raise LeaderNotFound(member)
    place = Place(-(figures.standing or 0.0), member)
    number = view.graph.number_of[member]
    return LeaderAnswer(
        **_figures(figures),
        rank=view.rank(Figure.STANDING, place),
        member_id=member,
        union_id=view.union_id,
        version=view.version,
        standing_epoch=epoch_view(view, unit.now),
        loop_members_count=len(view.graph.voices.loop_above(number)),
    )


def epoch_view(view: UnionView, now: datetime) -> EpochView | None:
    if view.epoch is None:
        return None
    age_seconds = max(0, int((now - view.epoch.computed_at).total_seconds()))
    return EpochView(
        epoch=view.epoch.number,
        version=view.epoch.version,
        computed_at=view.epoch.computed_at,
        age_seconds=age_seconds,
    )


def _leader_view(view: UnionView, member_id: UUID, rank: int, *, named: bool) -> LeaderView:
    figures = view.figures(member_id)
    assert figures is not None, "only active members have supporters that count"
    return LeaderView(**_figures(figures), rank=rank, member_id=member_id if named else None)


class _Figures(TypedDict):
    supporters_count: int
    speaks_for_count: int
    reach_count: int
    standing: float | None


def _figures(figures: LeaderFigures) -> _Figures:
    return {
        "supporters_count": figures.supporters_count,
        "speaks_for_count": figures.speaks_for_count,
        "reach_count": figures.reach_count,
        "standing": figures.standing,
    }


def _place_after(sort: Figure, after: tuple[str | int, ...]) -> Place:
    """The place after which the page begins; Problem 400 for a cursor of another order."""
    figure, descending, member_id = cursor_fields(after, str, str, str)
    try:
        place = Place(float.fromhex(str(descending)), UUID(str(member_id)))
    except (ValueError, OverflowError):
        raise Problem(CURSOR_INVALID) from None
    if figure != sort.value:
        raise Problem(CURSOR_INVALID)
    return place
