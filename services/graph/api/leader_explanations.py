"""Why a leader's figures are what they are: the branch as a tree, and the sum of the standing."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, Field

from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.graph.api.dependencies import Insider, Limits, ViewOfUnion
from services.graph.api.leaders import EpochView, epoch_view
from services.graph.api.voice_trees import PRIVATE, SVG_ANSWER, svg_answer
from services.graph.domain.branch_tree import BranchNode, fold_branch
from services.graph.domain.errors import LeaderNotFound
from services.graph.domain.tree_picture import draw_trees
from services.graph.use_cases.explain_standing import explain_standing_of

router = APIRouter(
    prefix="/v1/unions/{union}/leaders/{member}", route_class=TransactionRoute, tags=["leaders"]
)


class BranchNodeView(BaseModel):
    """A member and everybody below; what is not drawn is counted."""

    member_id: UUID
    speaks_for_count: int
    supporters_count: int
    children: list["BranchNodeView"] = Field(description="Strongest first.")
    folded_branches_count: int = Field(description="Voices given to this member that are not drawn.")
    folded_members_count: int = Field(description="Everybody in them.")

    @classmethod
    def of(cls, node: BranchNode) -> "BranchNodeView":
        return cls(
            member_id=node.member_id,
            speaks_for_count=node.branch_count,
            supporters_count=node.supporters_count,
            children=[cls.of(child) for child in node.children],
            folded_branches_count=node.folded_branches_count,
            folded_members_count=node.folded_members_count,
        )


class TreeView(BaseModel):
    """A leader's branch of the voice tree, folded: those drawn and those counted sum to the headline."""

    union_id: UUID
    version: int
    loop_members_count: int = Field(description="Members of the loop that is cut at this leader; 0: none.")
    tree: BranchNodeView


class BacklinkShareView(BaseModel):
    """What one backlink gives: the damped standing of its supporter, split among all whom they back."""

    supporter_id: UUID
    supporter_standing: float
    supporter_backlinks_count: int
    share: float


class ExplanationView(BaseModel):
    """Where a standing comes from. `from_roots` + the shares + `other_backlinks_share` = `standing`."""

    union_id: UUID
    member_id: UUID
    standing: float
    epoch: EpochView
    damping: float
    from_roots: float = Field(description="Given to the founder directly, dangling support included.")
    backlinks: list[BacklinkShareView] = Field(description="Largest share first.")
    other_backlinks_count: int
    other_backlinks_share: float


@router.get("/tree", responses=problem_responses(401, 403, 404, 422, 503))
async def get_tree(
    _: Insider,
    view: ViewOfUnion,
    member: UUID,
    limits: Limits,
    members: Annotated[int | None, Query(ge=1, le=10_000, description="Members to draw at most.")] = None,
) -> TreeView:
    """For whom a leader speaks, as a tree."""
    if not view.is_active(member):
        raise LeaderNotFound(member)
    number = view.graph.number_of[member]
    drawn_count = min(members or limits.tree_members_default_count, limits.tree_members_max_count)
    tree = fold_branch(view.graph, number, drawn_count, limits.tree_depth_max_count)
    return TreeView(
        union_id=view.union_id,
        version=view.version,
        loop_members_count=len(view.graph.voices.loop(number)),
        tree=BranchNodeView.of(tree),
    )


@router.get(
    "/tree.svg", response_class=Response, responses=SVG_ANSWER | problem_responses(401, 403, 404, 422, 503)
)
async def get_tree_picture(_: Insider, view: ViewOfUnion, member: UUID, limits: Limits) -> Response:
    """The same as a picture to keep or print: the shape and the counts, no names."""
    if not view.is_active(member):
        raise LeaderNotFound(member)
    number = view.graph.number_of[member]
    tree = fold_branch(view.graph, number, limits.tree_members_max_count, limits.tree_depth_max_count)
    return svg_answer(draw_trees(view.union_id, [tree], f"Speaks for {tree.branch_count}"), PRIVATE)


@router.get("/explanation", responses=problem_responses(401, 403, 404, 422, 503))
async def get_explanation(
    unit: Unit, _: Insider, view: ViewOfUnion, member: UUID, limits: Limits
) -> ExplanationView:
    """The share of each backlink in a published standing."""
    explained = await explain_standing_of(unit, view, member)
    explanation = explained.explanation
    told_count = limits.explanation_backlinks_max_count
    others = explanation.flows[told_count:]
    epoch = epoch_view(view, unit.now)
    assert epoch is not None, "an explained standing is published"
    return ExplanationView(
        union_id=view.union_id,
        member_id=member,
        standing=explanation.standing,
        epoch=epoch,
        damping=explanation.damping,
        from_roots=explanation.from_restart,
        backlinks=[
            BacklinkShareView(
                supporter_id=supporter,
                supporter_standing=flow.supporter_standing,
                supporter_backlinks_count=flow.supporter_backlinks_count,
                share=flow.share(explanation.damping),
            )
            for supporter, flow in zip(explained.supporters, explanation.flows[:told_count], strict=False)
        ],
        other_backlinks_count=len(others),
        other_backlinks_share=sum(flow.share(explanation.damping) for flow in others),
    )
