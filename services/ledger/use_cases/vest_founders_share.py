"""Release what is due of the founder's share: each step once, whoever was down meanwhile."""

from uuid import UUID

from chassis.ids import derived_id
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import LEDGER_NAMESPACE, AccountKind, member_account_id
from services.ledger.domain.journal import time_after
from services.ledger.domain.reasons import Reason
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.transfers import TransferRequest
from services.ledger.domain.vesting import STEPS_COUNT, VestingPlan, VestingStep
from services.ledger.store.accounts import NewAccount, load_accounts, open_accounts
from services.ledger.use_cases.await_vesting import founders_plan, wait_for_step
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry


async def vest_founders_share(unit: UnitOfWork, union: UnionView) -> None:
    """What has been released is what the account of the share has lost: a timer that runs again finds it."""
    head = await lock_books(unit, union)
    raw = await unit.raw()
    locked_id = member_account_id(union.id, union.founder_id, AccountKind.VESTING)
    own = NewAccount(member_account_id(union.id, union.founder_id), AccountKind.MEMBER, union.founder_id)
    locked = (await load_accounts(raw, union.id, [locked_id])).get(locked_id)
    if locked is None:
        return
    plan = founders_plan(union)
    due = plan.due_steps(plan.total_minor - locked.balance_minor, time_after(head, unit.now))
    if due:
        await open_accounts(raw, union.id, union.token.symbol, [own], unit.now)
        batch = [_request(union, step, locked_id, own.id) for step in due]
        reasons = {request.id: _reason(plan, step) for request, step in zip(batch, due, strict=True)}
        await post_entry(unit, union, head, LEDGER, batch, reasons=reasons)
        unit.record_act(
            "charter: founder's share vests",
            f"members/{union.founder_id}",
            {"steps": [step.number for step in due], "vested_minor": str(due[-1].vested_minor)},
            union_id=union.id,
            charter_version=union.charter_version,
        )
    released = due[-1].vested_minor if due else plan.total_minor - locked.balance_minor
    await wait_for_step(unit, union.id, plan.next_due(released))


def _request(union: UnionView, step: VestingStep, locked_id: UUID, own_id: UUID) -> TransferRequest:
    return TransferRequest(
        id=derived_id(LEDGER_NAMESPACE, str(union.id), Code.VEST.word, str(step.number)),
        debit_account=locked_id,
        credit_account=own_id,
        asset=union.token.symbol,
        amount_minor=step.minor,
        code=Code.VEST.word,
    )


def _reason(plan: VestingPlan, step: VestingStep) -> Reason:
    return Reason(
        {
            "total_minor": plan.total_minor,
            "step": step.number,
            "steps_count": STEPS_COUNT,
            "vested_minor": step.vested_minor,
            "cliff_seconds": int(plan.cliff.total_seconds()),
            "vesting_seconds": int(plan.span.total_seconds()),
        }
    )
