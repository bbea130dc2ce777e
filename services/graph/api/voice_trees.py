"""The voice trees of a union as one picture that everybody may see: the shape and the counts, no names."""

from itertools import islice
from typing import Any

from fastapi import APIRouter, Response

from chassis.problems import problem_responses
from chassis.route import TransactionRoute
from services.graph.api.dependencies import Limits, ViewOfUnion
from services.graph.domain.branch_tree import fold_branch, strongest_heads
from services.graph.domain.leaders import Figure
from services.graph.domain.tree_picture import draw_trees

router = APIRouter(prefix="/v1/unions/{union}", route_class=TransactionRoute, tags=["leaders"])

LEADERS_LOOKED_AT_MAX_COUNT = 10_000
PICTURE_KEPT_SECONDS = 60
PUBLIC = f"public, max-age={PICTURE_KEPT_SECONDS}"
PRIVATE = f"private, max-age={PICTURE_KEPT_SECONDS}"
SVG_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "An SVG without styles or scripts; its colours read on white and on black.",
        "content": {"image/svg+xml": {"schema": {"type": "string"}}},
    }
}


@router.get("/tree.svg", response_class=Response, responses=SVG_ANSWER | problem_responses(404, 422, 503))
async def get_trees_picture(view: ViewOfUnion, limits: Limits) -> Response:
    """Who speaks for whom in the union, as a picture: its strongest leaders and their branches."""
    order = view.order(Figure.SPEAKS_FOR)
    numbers = (view.graph.number_of[place.member_id] for place in islice(order, LEADERS_LOOKED_AT_MAX_COUNT))
    heads = strongest_heads(view.graph, numbers, limits.tree_leaders_max_count)
    drawn_each = max(1, limits.tree_members_max_count // max(1, len(heads)))
    trees = [fold_branch(view.graph, head, drawn_each, limits.tree_depth_max_count) for head in heads]
    title = f"{view.graph.active_count} members, {view.graph.voices_count} spoken for by another"
    return svg_answer(draw_trees(view.union_id, trees, title), PUBLIC)


def svg_answer(drawn: str, kept: str) -> Response:
    return Response(drawn, media_type="image/svg+xml", headers={"Cache-Control": kept})
