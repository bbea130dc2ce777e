"""Statements as files: whole, or of a period."""

from datetime import UTC, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request, Response
from pydantic import AwareDatetime

from chassis.auth.dependencies import AnyCaller
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.accounts import visible_account
from services.ledger.api.dependencies import Settings
from services.ledger.api.fields import UnionName
from services.ledger.domain.statements import Statement, as_beancount, as_csv
from services.ledger.use_cases.read_statement import read_statement

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)

Begin = Annotated[
    AwareDatetime | None,
    Query(alias="from", description="From this moment on.", examples=["2026-11-01T00:00:00Z"]),
]
End = Annotated[
    AwareDatetime | None,
    Query(alias="until", description="Before this moment.", examples=["2026-12-01T00:00:00Z"]),
]


async def statement_of(
    request: Request,
    unit: Unit,
    caller: AnyCaller,
    settings: Settings,
    union: UnionName,
    account: UUID,
    begin: Begin = None,
    end: End = None,
) -> Statement:
    look = await visible_account(request, union, account, caller)
    return await read_statement(unit, look, union, _utc(begin), _utc(end), settings.statement_lines_max)


Asked = Annotated[Statement, Depends(statement_of)]


@router.get(
    "/accounts/{account}/statement.csv",
    response_class=Response,
    responses={200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
    | problem_responses(400, 401, 403, 404, 413, 422, 503),
)
async def get_statement_csv(statement: Asked) -> Response:
    """For spreadsheets (RFC 4180): both balances, a line for each transfer. No cell is a formula."""
    return _file(statement, as_csv(statement), "text/csv; charset=utf-8; header=present", "csv")


@router.get(
    "/accounts/{account}/statement.beancount",
    response_class=Response,
    responses={200: {"content": {"text/plain": {"schema": {"type": "string"}}}}}
    | problem_responses(400, 401, 403, 404, 413, 422, 503),
)
async def get_statement_beancount(statement: Asked) -> Response:
    """For bookkeepers: what `bean-check` accepts, with the closing balance asserted."""
    return _file(statement, as_beancount(statement), "text/plain; charset=utf-8", "beancount")


def _file(statement: Statement, content: str, media_type: str, ending: str) -> Response:
    name = f"{statement.union_slug}-{statement.account_kind}.{ending}"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return Response(content.encode(), media_type=media_type, headers=headers)


def _utc(moment: datetime | None) -> datetime | None:
    return None if moment is None else moment.astimezone(UTC)
