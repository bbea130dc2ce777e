"""Receive a chunk of a run's lines; the last one to come starts the run when the hash is as announced."""

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import referred_account
from services.ledger.domain.errors import ChunkExistsDifferently, RunNotFound
from services.ledger.domain.rights import Principal
from services.ledger.domain.runs import (
    LINES_PER_CHUNK,
    RunLine,
    RunState,
    check_chunk,
    chunks_count,
    first_index,
    line_text,
)
from services.ledger.store.runs import Run, add_lines, count_lines, lines_between, lock_run
from services.ledger.use_cases.move_run import move_run

TIMER = "run_chunk"


async def receive_run_lines(
    unit: UnitOfWork,
    union: UnionView,
    principal: Principal,
    run_id: UUID,
    chunk: int,
    lines: Sequence[RunLine],
) -> Run:
    """The run with this chunk; the same chunk again changes nothing.

    Raises RunNotFound, ChunkOutOfBounds, ChunkSizeWrong, CodeNotForRuns, BadAccountReference,
    ChunkExistsDifferently.
    """
    raw = await unit.raw()
    run = await lock_run(raw, union.id, run_id)
    if run is None or run.principal is not principal.kind:
        raise RunNotFound(run_id)
    check_chunk(run.announcement, chunk, lines)
    for line in lines:
        referred_account(union.id, line.debit_account)
        referred_account(union.id, line.credit_account)
    first = first_index(chunk)
    present = await lines_between(raw, run, first, first + LINES_PER_CHUNK)
    if present:
        if present != list(lines):
            raise ChunkExistsDifferently(chunk)
        return run
    await add_lines(raw, run, first, lines)
    if await count_lines(raw, run) < run.announcement.lines_count:
        return run
    if await _sha256(unit, run) != run.announcement.lines_sha256:
        return await move_run(unit, replace(run, state=RunState.REFUSED))
    await set_chunk_timer(unit, run)
    return await move_run(unit, replace(run, state=RunState.POSTING))


async def set_chunk_timer(unit: UnitOfWork, run: Run) -> None:
    """Have the next chunk posted as soon as may be, in a transaction of its own."""
    await unit.set_timer(
        TIMER,
        f"{run.union_id}:{run.id}",
        unit.now + timedelta(microseconds=1),
        {"union_id": str(run.union_id), "run_id": str(run.id)},
    )


async def _sha256(unit: UnitOfWork, run: Run) -> str:
    """The hash over all lines, read chunk by chunk."""
    raw = await unit.raw()
    digest = hashlib.sha256()
    for chunk in range(chunks_count(run.announcement.lines_count)):
        first = first_index(chunk)
        for line in await lines_between(raw, run, first, first + LINES_PER_CHUNK):
            digest.update(line_text(line).encode())
    return digest.hexdigest()
