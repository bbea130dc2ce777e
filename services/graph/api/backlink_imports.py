"""The founder's import of who follows whom."""

from datetime import datetime
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.graph.api.dependencies import Limits
from services.graph.domain.backlink_import import RowRefusal
from services.graph.domain.errors import ImportNotFound
from services.graph.store.imports import BacklinkImport, find_import
from services.graph.use_cases.import_backlinks import import_backlinks

router = APIRouter(
    prefix="/v1/unions/{union}/backlink-imports", route_class=TransactionRoute, tags=["backlink imports"]
)


class ImportBody(BaseModel):
    """Rows of [supporter, leader]."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: list[tuple[UUID, UUID]] = Field(
        min_length=1,
        examples=[[["0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f", "0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e70"]]],
    )


class RefusedRowView(BaseModel):
    """A row that was not proposed; `row` counts from 0."""

    row: int
    supporter_id: UUID
    leader_id: UUID
    reason: RowRefusal


class ImportView(BaseModel):
    """What became of the rows. Proposed backlinks count nowhere until their supporters confirm them."""

    id: UUID
    rows_count: int
    proposed_count: int
    refused_count: int
    refused_counts: dict[RowRefusal, int]
    refused_examples: list[RefusedRowView] = Field(description="The first refused rows of each reason.")
    imported_at: datetime
    expires_at: datetime

    @classmethod
    def of(cls, made: BacklinkImport) -> "ImportView":
        return cls(
            id=made.import_id,
            rows_count=made.rows_count,
            proposed_count=made.proposed_count,
            refused_count=made.rows_count - made.proposed_count,
            refused_counts={RowRefusal(reason): count for reason, count in made.refused_counts.items()},
            refused_examples=[RefusedRowView(**example) for example in made.examples],
            imported_at=made.imported_at,
            expires_at=made.expires_at,
        )


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_import(
    unit: Unit, founder: ActiveMember, _: Act, body: ImportBody, limits: Limits, response: Response
) -> ImportView:
    """Propose backlinks to their supporters. A signed act of the founder."""
    made = await import_backlinks(unit, founder, body.rows, limits)
    response.headers["Location"] = f"/v1/unions/{founder.union.id}/backlink-imports/{made.import_id}"
    return ImportView.of(made)


@router.get("/{import_id}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_import(unit: Unit, founder: ActiveMember, import_id: UUID) -> ImportView:
    """The report of an import that I made."""
    made = await find_import(await unit.raw(), founder.union.id, import_id)
    if made is None or made.founder_id != founder.member_id:
        raise ImportNotFound(import_id)
    return ImportView.of(made)
