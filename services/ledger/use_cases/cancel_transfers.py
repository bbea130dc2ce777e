"""Burn ids of transfers that whoever chose them gives up, so that a late duplicate is refused."""

from collections.abc import Sequence
from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.errors import BatchTooLarge
from services.ledger.domain.posting import cancel_ids
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Principal
from services.ledger.domain.transfers import Answer
from services.ledger.store.postings import earlier_answers, write_refusals
from services.ledger.use_cases.open_books import lock_books


async def cancel_transfers(
    unit: UnitOfWork, union: UnionView, principal: Principal, ids: Sequence[UUID], ids_max: int
) -> Sequence[Answer]:
    """CANCELLED for what is burnt now or was; what was answered keeps its answer. Raises BatchTooLarge."""
    if len(ids) > ids_max:
        raise BatchTooLarge(len(ids), ids_max)
    await lock_books(unit, union)
    raw = await unit.raw()
    earlier = await earlier_answers(raw, union.id, principal.id, set(ids))
    answers = cancel_ids(ids, earlier)
    burnt = {answer.id: answer for answer in answers if answer.result is Result.CANCELLED}
    fresh = [answer for transfer_id, answer in burnt.items() if transfer_id not in earlier]
    await write_refusals(raw, union.id, [(principal.id, answer) for answer in fresh], unit.now)
    unit.record_act(
        "cancel own transfers",
        "transfers",
        {"cancelled": [answer.id for answer in fresh[:100]], "cancelled_count": len(fresh)},
        union_id=union.id,
    )
    return answers
