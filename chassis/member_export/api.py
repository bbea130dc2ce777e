"""What identity asks of every service: all that it keeps of one member, for that member alone."""

from typing import Annotated
from uuid import UUID

import orjson
from fastapi import APIRouter, Query, Request, Response

from chassis.auth.dependencies import ServiceCaller
from chassis.member_export.declaration import exported_part
from chassis.problems import NOT_FOUND, Problem
from chassis.route import TransactionRoute, Unit

ASKER = "identity"
ROWS_MAX = 1_000_000

router = APIRouter(prefix="/internal/members", route_class=TransactionRoute, tags=["internal"])


@router.get("/{member}/export", response_class=Response)
async def get_export_of_member(
    member: UUID,
    request: Request,
    unit: Unit,
    caller: ServiceCaller,
    rows_max: Annotated[int, Query(ge=1, le=ROWS_MAX)] = 20_000,
) -> Response:
    """By table its rows, at most so many, and whether there are more. Asked by identity alone, which has
    checked that it is the member who asks."""
    exported = request.app.state.chassis.parts.schema.exported
    if caller.service != ASKER or caller.member_id != member or exported is None:
        raise Problem(NOT_FOUND)
    parts = [await exported_part(unit, exported, table, member, rows_max) for table in exported.parts]
    shown = [{"table": part.table, "rows": part.rows, "is_cut": part.is_cut} for part in parts]
    return Response(orjson.dumps({"parts": shown}), media_type="application/json")
