"""A project and its pledges, for the tests of funding's rules."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from uuid import UUID

from services.funding.domain.limits import FundingLimits
from services.funding.domain.pledges import Pledge, PledgeState
from services.funding.domain.projects import Project, ProjectState

NOW = datetime(2030, 1, 1, 12, tzinfo=UTC)
DEADLINE = NOW + timedelta(hours=1)
TARGET = 100

union_id, project_id, pledge_id, owner, backer, stranger = (UUID(int=number) for number in range(1, 7))

LIMITS = FundingLimits(
    title_max_characters=10,
    description_max_characters=20,
    target_min_minor=10,
    target_max_minor=1_000,
    pledge_min_minor=5,
    pledge_max_minor=500,
    deadline_min_seconds=1,
    deadline_max_seconds=100,
    open_projects_per_member=2,
    pledges_per_project=3,
)


def a_project(
    state: ProjectState = ProjectState.OPEN, *, pledged_minor: int = 0, held: int = 0, unanswered: int = 0
) -> Project:
    bare = Project(
        union_id=union_id,
        project_id=project_id,
        version=1,
        state=state,
        owner_id=owner,
        title="A kiln",
        description="For the potters",
        asset="GLD",
        asset_scale=6,
        target_minor=TARGET,
        deadline_at=DEADLINE,
        proposed_at=NOW,
    )
    return replace(bare, pledged_minor=pledged_minor, held_count=held, unanswered_count=unanswered)


def a_pledge(state: PledgeState = PledgeState.WAITING) -> Pledge:
    return Pledge(
        union_id=union_id,
        pledge_id=pledge_id,
        project_id=project_id,
        backer_id=backer,
        state=state,
        asset="GLD",
        asset_scale=6,
        pledged_minor=40,
        pledged_at=NOW,
    )
