"""Tell of a schedule, and have it run when it is due next."""

from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from events.ledger import ScheduleState
from services.ledger.store.schedules import ScheduleLine

RUN_SCHEDULE = "run_schedule"


def announce_schedule(unit: UnitOfWork, union: UnionView, act: str, line: ScheduleLine) -> None:
    """`act`: what the act log calls it."""
    schedule, progress = line.schedule, line.progress
    standing = progress.standing(schedule)
    unit.publish(
        ScheduleState(
            union_id=union.id,
            payer_id=line.payer_id,
            schedule_id=schedule.id,
            version=progress.version,
            state=standing.value,
            asset=line.asset,
            minor=schedule.amount_minor,
            posted_count=progress.posted_count,
            refused_count=progress.refused_count,
            next_due=schedule.due(progress.next_number) if progress.stopped_at is None else None,
        )
    )
    unit.record_act(
        act,
        f"schedules/{schedule.id}",
        {"next_number": progress.next_number, "state": standing.value},
        union_id=union.id,
        charter_version=union.charter_version,
    )


async def wait_for_next(unit: UnitOfWork, union_id: UUID, line: ScheduleLine) -> None:
    """Set the timer of the next due; none where nothing comes any more."""
    schedule = line.schedule
    key = f"{union_id}:{schedule.debit_account}:{schedule.id}"
    due = schedule.due(line.progress.next_number) if line.progress.stopped_at is None else None
    if due is None:
        await unit.cancel_timer(RUN_SCHEDULE, key)
        return
    payload = {"union_id": union_id, "account_id": schedule.debit_account, "schedule_id": schedule.id}
    await unit.set_timer(RUN_SCHEDULE, key, due, payload)
