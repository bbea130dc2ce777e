"""Runs: announced and filled by a service, watched by it and by the union's officers."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Path
from pydantic import BaseModel, ConfigDict, Field

from chassis.membership import Membership, UnionOfPath
from chassis.money import AssetSymbol, Minor
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import AuditorOrService, OwnService, Settings
from services.ledger.api.fields import AccountReference, CodeWord
from services.ledger.domain.errors import RunNotFound
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Principal
from services.ledger.domain.runs import (
    LINES_PER_CHUNK,
    Announcement,
    RefusedLineRule,
    RunLine,
    RunState,
)
from services.ledger.store.runs import Run, find_run, refusals_after
from services.ledger.use_cases.announce_run import announce_run
from services.ledger.use_cases.receive_run_lines import receive_run_lines

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)
INDEX_MAX = 2**31 - 1


class RunBody(BaseModel):
    """What is fixed of a run before its lines come."""

    model_config = ConfigDict(extra="forbid")

    lines_count: Annotated[int, Field(ge=1, le=INDEX_MAX)]
    lines_sha256: Annotated[
        str,
        Field(
            pattern=r"^[0-9a-f]{64}$",
            description="SHA-256 over `debit_account,credit_account,asset,minor,code` and a line feed of "
            "each line, as they are sent, in order.",
        ),
    ]
    refused_line_rule: RefusedLineRule = RefusedLineRule.SKIP


class RunLineBody(BaseModel):
    """One transfer of a run."""

    model_config = ConfigDict(extra="forbid")

    debit_account: AccountReference
    credit_account: AccountReference
    asset: AssetSymbol
    minor: Minor
    code: CodeWord


class RunLinesBody(BaseModel):
    """A chunk: 1,000 lines, the last one the rest."""

    model_config = ConfigDict(extra="forbid")

    lines: Annotated[list[RunLineBody], Field(min_length=1, max_length=LINES_PER_CHUNK)]


class RunView(BaseModel):
    """A run and how far it is."""

    id: UUID
    state: RunState
    lines_count: int
    lines_sha256: str
    refused_line_rule: RefusedLineRule
    posted_count: int
    refused_count: int
    version: int

    @classmethod
    def of(cls, run: Run) -> "RunView":
        return cls(
            id=run.id,
            state=run.state,
            lines_count=run.announcement.lines_count,
            lines_sha256=run.announcement.lines_sha256,
            refused_line_rule=run.announcement.refused_line_rule,
            posted_count=run.posted_count,
            refused_count=run.refused_count,
            version=run.version,
        )


class RefusedLineView(BaseModel):
    """A line that was refused, and why."""

    index: int
    result: Result


@router.put("/runs/{run}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_run(
    unit: Unit, union: UnionOfPath, service: OwnService, settings: Settings, run: UUID, body: RunBody
) -> RunView:
    """Announce a run (services only). The same again changes nothing."""
    announcement = Announcement(body.lines_count, body.lines_sha256, body.refused_line_rule)
    return RunView.of(await announce_run(unit, union, service, run, announcement, settings.run_lines_max))


@router.put("/runs/{run}/lines/{chunk}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_run_lines(
    unit: Unit,
    union: UnionOfPath,
    service: OwnService,
    run: UUID,
    chunk: Annotated[int, Path(ge=0, le=INDEX_MAX)],
    body: RunLinesBody,
) -> RunView:
    """Send a chunk of lines; posting starts by itself when the last one has come and the hash fits."""
    lines = [
        RunLine(line.debit_account, line.credit_account, line.asset, int(line.minor), line.code)
        for line in body.lines
    ]
    return RunView.of(await receive_run_lines(unit, union, service, run, chunk, lines))


@router.get("/runs/{run}", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_run(unit: Unit, union: UnionOfPath, caller: AuditorOrService, run: UUID) -> RunView:
    """How far a run is: to the service whose it is, and to who may audit."""
    return RunView.of(await _visible_run(unit, union.id, run, caller))


@router.get("/runs/{run}/refused-lines", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_refused_lines(
    unit: Unit, union: UnionOfPath, caller: AuditorOrService, run: UUID, paging: Paging
) -> Page[RefusedLineView]:
    """The lines that were refused, in order."""
    found = await _visible_run(unit, union.id, run, caller)
    after = -1 if paging.after is None else _index(paging.after)
    rows = await refusals_after(await unit.raw(), found, after, paging.limit + 1)
    shown = rows[: paging.limit]
    following = (shown[-1][0],) if len(rows) > paging.limit else None
    return paging.page([RefusedLineView(index=index, result=result) for index, result in shown], following)


async def _visible_run(unit: Unit, union_id: UUID, run_id: UUID, caller: Principal | Membership) -> Run:
    run = await find_run(await unit.raw(), union_id, run_id)
    if run is None or (isinstance(caller, Principal) and caller.kind is not run.principal):
        raise RunNotFound(run_id)
    return run


def _index(after: tuple[str | int, ...]) -> int:
    (index,) = (int(value) for value in cursor_fields(after, int))
    if not 0 <= index <= INDEX_MAX:
        raise Problem(CURSOR_INVALID)
    return index
