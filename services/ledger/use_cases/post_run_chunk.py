"""Post the next chunk of a run: one transaction, one entry; what is refused is recorded by its index."""

from dataclasses import replace
from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import referred_account
from services.ledger.domain.results import Result
from services.ledger.domain.rights import named_principal
from services.ledger.domain.runs import (
    LINES_PER_CHUNK,
    RefusedLineRule,
    RunState,
    chunks_count,
    first_index,
    line_transfer_id,
)
from services.ledger.domain.transfers import Answer, TransferRequest
from services.ledger.store.runs import Run, lines_between, lock_run, note_refusals
from services.ledger.use_cases.move_run import move_run
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry
from services.ledger.use_cases.receive_run_lines import set_chunk_timer

DONE = frozenset({Result.POSTED, Result.EXISTS})


async def post_run_chunk(unit: UnitOfWork, union: UnionView, run_id: UUID) -> Run | None:
    """The run after its next chunk; None when it has nothing to post any more.

    The ids of its transfers derive from run and index, so that a chunk repeated is posted once.
    """
    head = await lock_books(unit, union)
    raw = await unit.raw()
    run = await lock_run(raw, union.id, run_id)
    if run is None or run.state is not RunState.POSTING:
        return None
    first = first_index(run.next_chunk)
    lines = await lines_between(raw, run, first, first + LINES_PER_CHUNK)
    batch = [
        TransferRequest(
            id=line_transfer_id(run.id, first + place),
            debit_account=referred_account(union.id, line.debit_account),
            credit_account=referred_account(union.id, line.credit_account),
            asset=line.asset,
            amount_minor=line.amount_minor,
            code=line.code,
        )
        for place, line in enumerate(lines)
    ]
    posted = await post_entry(unit, union, head, named_principal(run.principal), batch)
    refusals = [
        (first + place, _reason(answer))
        for place, answer in enumerate(posted.answers)
        if answer.result not in DONE
    ]
    await note_refusals(raw, run, refusals)
    run = replace(
        run,
        next_chunk=run.next_chunk + 1,
        posted_count=run.posted_count + len(batch) - len(refusals),
        refused_count=run.refused_count + len(refusals),
    )
    run = await move_run(unit, replace(run, state=_state_after(run, bool(refusals))))
    if run.state is RunState.POSTING:
        await set_chunk_timer(unit, run)
    unit.record_act(
        "run of its service",
        f"runs/{run.id}",
        {"chunk": run.next_chunk - 1, "refused_count": len(refusals)},
        union_id=union.id,
    )
    return run


def _reason(answer: Answer) -> Result:
    return answer.first_result or answer.result


def _state_after(run: Run, has_refusals: bool) -> RunState:
    if has_refusals and run.announcement.refused_line_rule is RefusedLineRule.STOP:
        return RunState.STOPPED
    if run.next_chunk >= chunks_count(run.announcement.lines_count):
        return RunState.FINISHED
    return RunState.POSTING
