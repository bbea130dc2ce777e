"""Pay what is due of a schedule: once for each due time, in their order, whoever was down meanwhile."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from chassis.ids import derived_id
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import LEDGER_NAMESPACE
from services.ledger.domain.posting import DONE
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.schedules import Schedule
from services.ledger.domain.transfers import Particulars, TransferRequest
from services.ledger.store.schedules import ScheduleLine, find_schedule, save_progress
from services.ledger.use_cases.announce_schedule import announce_schedule, wait_for_next
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry
from services.ledger.use_cases.tell_of_account import tell_of_account


async def run_schedule(
    unit: UnitOfWork, union: UnionView, account_id: UUID, schedule_id: UUID, due: datetime
) -> None:
    """Pay or refuse the time of this due; the timer is set for the next one. A refusal ends nothing."""
    head = await lock_books(unit, union)
    raw = await unit.raw()
    line = await find_schedule(raw, union.id, account_id, schedule_id)
    if line is None or line.progress.stopped_at is not None:
        return
    progress = line.progress
    if line.schedule.due(progress.next_number) != due:
        return  # what this timer was set for is done
    request = _request(union.id, line, progress.next_number)
    (answer,) = (await post_entry(unit, union, head, LEDGER, [request])).answers
    is_paid = answer.result in DONE
    after = replace(
        line,
        progress=replace(
            progress,
            next_number=progress.next_number + 1,
            posted_count=progress.posted_count + is_paid,
            refused_count=progress.refused_count + (not is_paid),
            version=progress.version + 1,
        ),
    )
    await save_progress(raw, union.id, after)
    await wait_for_next(unit, union.id, after)
    announce_schedule(unit, union, f"schedule: {answer.result.value}", after)
    if not is_paid:
        tell_of_account(unit, union.id, (line.payer_id, account_id), "schedule.refused")


def transfer_id_of(union_id: UUID, schedule: Schedule, number: int) -> UUID:
    """Of the payment for the time of this number: once, however often it is tried."""
    names = (
        str(union_id),
        Code.SCHEDULED_PAY.word,
        str(schedule.debit_account),
        str(schedule.id),
        str(number),
    )
    return derived_id(LEDGER_NAMESPACE, *names)


def _request(union_id: UUID, line: ScheduleLine, number: int) -> TransferRequest:
    schedule = line.schedule
    return TransferRequest(
        id=transfer_id_of(union_id, schedule, number),
        debit_account=schedule.debit_account,
        credit_account=schedule.credit_account,
        asset=line.asset,
        amount_minor=schedule.amount_minor,
        code=Code.SCHEDULED_PAY.word,
        memo=line.memo,
        particulars=Particulars(mandate_id=schedule.id),
    )
