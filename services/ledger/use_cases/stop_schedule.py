"""Stop schedules: one by its giver, or all of those who are no members any more."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.membership import Membership, UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import member_account_id
from services.ledger.domain.errors import ScheduleNotFound
from services.ledger.domain.journal import time_after
from services.ledger.domain.schedules import ScheduleStanding
from services.ledger.store.accounts import load_accounts
from services.ledger.store.schedules import ScheduleLine, find_schedule, not_stopped, save_progress
from services.ledger.use_cases.announce_schedule import announce_schedule, wait_for_next
from services.ledger.use_cases.open_books import lock_books


async def stop_schedule(unit: UnitOfWork, member: Membership, schedule_id: UUID) -> ScheduleLine:
    """The schedule, stopped now or ended before. Raises ScheduleNotFound."""
    union = member.union
    moment = time_after(await lock_books(unit, union), unit.now)
    own_id = member_account_id(union.id, member.member_id)
    line = await find_schedule(await unit.raw(), union.id, own_id, schedule_id)
    if line is None:
        raise ScheduleNotFound(schedule_id)
    return await _stop(unit, union, line, moment)


async def stop_schedules_of(unit: UnitOfWork, union: UnionView, member_ids: Sequence[UUID]) -> None:
    """All that these gave: who has left pays nobody."""
    moment = time_after(await lock_books(unit, union), unit.now)
    raw = await unit.raw()
    own_ids = [member_account_id(union.id, member_id) for member_id in member_ids]
    for own in (await load_accounts(raw, union.id, own_ids)).values():
        for line in await not_stopped(raw, union.id, own.number):
            await _stop(unit, union, line, moment)


async def _stop(unit: UnitOfWork, union: UnionView, line: ScheduleLine, moment: datetime) -> ScheduleLine:
    if line.progress.standing(line.schedule) is not ScheduleStanding.ACTIVE:
        return line
    progress = replace(line.progress, stopped_at=moment, version=line.progress.version + 1)
    stopped = replace(line, progress=progress)
    await save_progress(await unit.raw(), union.id, stopped)
    await wait_for_next(unit, union.id, stopped)
    announce_schedule(unit, union, "stop schedule", stopped)
    return stopped
