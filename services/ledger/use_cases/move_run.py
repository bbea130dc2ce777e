"""Write a run's new state and tell it."""

from dataclasses import replace

from chassis.unit_of_work import UnitOfWork
from events.ledger import RunState as RunEvent
from services.ledger.store.runs import Run, save_run


async def move_run(unit: UnitOfWork, run: Run) -> Run:
    """The run one version on, saved and published."""
    moved = replace(run, version=run.version + 1)
    await save_run(await unit.raw(), moved, unit.now)
    publish_run(unit, moved)
    return moved


def publish_run(unit: UnitOfWork, run: Run) -> None:
    unit.publish(
        RunEvent(
            union_id=run.union_id,
            run_id=run.id,
            version=run.version,
            state=run.state.value,
            lines_count=run.announcement.lines_count,
            posted_count=run.posted_count,
            refused_count=run.refused_count,
        )
    )
