"""The versions of a charter, what differs between two, and how many members have accepted."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.charters import VERSION_MAX, AskingView, asking_view
from services.identity.api.fields import UnionOfPath
from services.identity.domain.charter_diff import Change
from services.identity.domain.parameters import is_amount
from services.identity.use_cases.compare_charters import compare_charters, list_versions
from services.identity.use_cases.read_acceptance import count_acceptances

router = APIRouter(prefix="/v1/unions/{union}/charter", route_class=TransactionRoute, tags=["charter"])

Version = Annotated[int, Query(ge=1, le=VERSION_MAX)]


class CharterVersionView(BaseModel):
    """A version without its document."""

    version: int = Field(ge=1)
    hash: str
    in_force: bool
    author_id: UUID
    allowed_by: str = Field(examples=["founders_free_time"])
    adopted_at: datetime
    asking: AskingView | None = Field(description="Of a version that the members are asked to accept.")


class PurposeChangeView(BaseModel):
    old: str
    new: str


class ParameterChangeView(BaseModel):
    """Amounts are strings of minor units."""

    name: str
    old: int | str
    new: int | str


class CharterDiffView(BaseModel):
    """What differs from one version to another."""

    from_version: int
    to_version: int
    purpose: PurposeChangeView | None
    values_added: list[str]
    values_removed: list[str]
    parameters: list[ParameterChangeView]
    bylaws: str = Field(
        description="Hunks of a unified diff by lines (`diff -u` without its head); empty without a change. "
        "Texts whose comparison would take long are told as wholly replaced.",
        examples=["@@ -1 +1 @@\n-Old.\n+New."],
    )


class AcceptancesView(BaseModel):
    """Of the newest material version; without one, everybody accepted on joining."""

    charter_version: int | None = Field(description="The version that the members are asked to accept.")
    asking: AskingView | None
    members_count: int = Field(ge=0, description="Active members.")
    accepted_count: int = Field(ge=0, description="Of these, those who accepted this version or a later one.")


@router.get("/versions", responses=problem_responses(400, 401, 404, 422, 503))
async def get_charter_versions(union: UnionOfPath, unit: Unit, page: Paging) -> Page[CharterVersionView]:
    """Every version, the newest first."""
    before = None if page.after is None else int(cursor_fields(page.after, int)[0])
    if before is not None and not 0 <= before <= VERSION_MAX:
        raise Problem(CURSOR_INVALID)
    found, rows = await list_versions(unit, union, before, page.limit)
    shown = rows[: page.limit]
    return page.page(
        [
            CharterVersionView(
                version=row.version,
                hash=row.hash,
                in_force=row.version == found.charter_version,
                author_id=row.author_id,
                allowed_by=row.allowed_by,
                adopted_at=row.adopted_at,
                asking=asking_view(row.terms),
            )
            for row in shown
        ],
        (shown[-1].version,) if len(rows) > page.limit else None,
    )


@router.get("/diff", responses=problem_responses(401, 404, 422, 503))
async def get_charter_diff(
    union: UnionOfPath,
    unit: Unit,
    from_version: Annotated[int, Query(alias="from", ge=1, le=VERSION_MAX, description="The old version.")],
    to_version: Annotated[int, Query(alias="to", ge=1, le=VERSION_MAX, description="The new version.")],
) -> CharterDiffView:
    """What differs between two versions, in either direction."""
    diff = await compare_charters(unit, union, from_version, to_version)
    return CharterDiffView(
        from_version=from_version,
        to_version=to_version,
        purpose=None
        if diff.purpose is None
        else PurposeChangeView(old=str(diff.purpose.old), new=str(diff.purpose.new)),
        values_added=list(diff.values_added),
        values_removed=list(diff.values_removed),
        parameters=[_parameter(change) for change in diff.parameters],
        bylaws=diff.bylaws,
    )


@router.get("/acceptances", responses=problem_responses(401, 404, 422, 503))
async def get_charter_acceptances(union: UnionOfPath, unit: Unit) -> AcceptancesView:
    """How many members have accepted what they were asked to last."""
    asking, count = await count_acceptances(unit, union)
    return AcceptancesView(
        charter_version=None if asking is None else asking.charter_version,
        asking=None
        if asking is None
        else AskingView(grace_ends_at=asking.grace_ends_at, by_silence=asking.by_silence.value),
        members_count=count.active_members,
        accepted_count=count.accepted_members,
    )


def _parameter(change: Change) -> ParameterChangeView:
    if not is_amount(change.name):
        return ParameterChangeView(name=change.name, old=change.old, new=change.new)
    return ParameterChangeView(name=change.name, old=str(change.old), new=str(change.new))
