"""Announce a run: how many lines, their hash, and what a refused line does."""

from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.errors import RunExistsDifferently, RunTooLong
from services.ledger.domain.rights import Principal
from services.ledger.domain.runs import Announcement
from services.ledger.store.runs import Run, announce, find_run
from services.ledger.use_cases.move_run import publish_run


async def announce_run(
    unit: UnitOfWork,
    union: UnionView,
    principal: Principal,
    run_id: UUID,
    announcement: Announcement,
    lines_max: int,
) -> Run:
    """The run, announced now or before with the same content. Raises RunTooLong, RunExistsDifferently."""
    if announcement.lines_count > lines_max:
        raise RunTooLong(announcement.lines_count, lines_max)
    raw = await unit.raw()
    fresh = await announce(raw, union.id, run_id, principal.kind, announcement, unit.now)
    run = await find_run(raw, union.id, run_id)
    if run is None or run.announcement != announcement or run.principal is not principal.kind:
        raise RunExistsDifferently(run_id)
    if fresh:
        publish_run(unit, run)
        unit.record_act(
            "announce a run",
            f"runs/{run_id}",
            {"lines_count": announcement.lines_count, "lines_sha256": announcement.lines_sha256},
            union_id=union.id,
        )
    return run
