"""Pay the joining grants that wait on a day's budget: the early members' pool first, then the treasury."""

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from uuid import UUID

from chassis.ids import derived_id
from chassis.membership import UnionView, active_members
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import (
    LEDGER_NAMESPACE,
    AccountKind,
    member_account_id,
    union_account_id,
)
from services.ledger.domain.grants import (
    GrantFormula,
    GrantState,
    choose_purse,
    grant_account_kind,
    grant_formula,
)
from services.ledger.domain.reasons import Reason
from services.ledger.domain.results import Result
from services.ledger.domain.rights import LEDGER, Code
from services.ledger.domain.transfers import TransferRequest
from services.ledger.store.accounts import NewAccount, load_accounts, open_accounts
from services.ledger.store.grants import WaitingGrant, save_states, waiting_grants
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_entry

TIMER = "joining_grants"


async def wait_for_day(unit: UnitOfWork, union_id: UUID, day: date, due: datetime) -> None:
    """Have the grants of that day paid when it comes."""
    await unit.set_timer(TIMER, f"{union_id}:{day}", due, {"union_id": str(union_id), "day": day.isoformat()})


async def pay_joining_grants(unit: UnitOfWork, union: UnionView, day: date, at_once_max: int) -> None:
    """Pay what waits on this day's budget or an earlier one, at most `at_once_max` now, the rest after."""
    head = await lock_books(unit, union)
    raw = await unit.raw()
    waiting = await waiting_grants(raw, union.id, day, at_once_max)
    if len(waiting) == at_once_max:
        await wait_for_day(unit, union.id, day, unit.now.astimezone(UTC) + timedelta(microseconds=1))
    formula = grant_formula(union.parameters)
    active = await active_members(unit, union.id, [grant.member_id for grant in waiting])
    states: dict[UUID, GrantState] = {
        grant.member_id: GrantState.FORFEITED for grant in waiting if grant.member_id not in active
    }
    entitled = [grant for grant in waiting if grant.member_id in active]
    batch, accounts, reasons = await _batch(unit, union, entitled, formula)
    await open_accounts(raw, union.id, union.token.symbol, accounts, unit.now)
    posted = await post_entry(unit, union, head, LEDGER, batch, reasons=reasons) if batch else None
    kinds = {transfer.id: account for transfer, account in zip(batch, accounts, strict=True)}
    for answer in posted.answers if posted is not None else ():
        account = kinds[answer.id]
        assert account.owner_id is not None and answer.result in {Result.POSTED, Result.EXISTS}
        unlocked = account.kind is AccountKind.MEMBER
        states[account.owner_id] = GrantState.UNLOCKED if unlocked else GrantState.LOCKED
    for grant in entitled:
        nothing_left = not formula.minor(grant.number)
        states.setdefault(grant.member_id, GrantState.NONE if nothing_left else GrantState.UNFUNDED)
    numbers = {grant.member_id: grant.number for grant in waiting}
    listed = [(member_id, state, formula.minor(numbers[member_id])) for member_id, state in states.items()]
    await save_states(raw, union.id, listed, unit.now)
    unit.record_act(
        "charter: joining grant",
        f"grants/{day}",
        {"granted_count": len(batch), "granted_minor": str(sum(grant.amount_minor for grant in batch))},
        union_id=union.id,
        charter_version=union.charter_version,
    )


async def _batch(
    unit: UnitOfWork, union: UnionView, grants: Sequence[WaitingGrant], formula: GrantFormula
) -> tuple[list[TransferRequest], list[NewAccount], dict[UUID, Reason]]:
    """A transfer for each grant that a purse can pay, the account that it goes to, and why it is so much."""
    purses = {
        kind: union_account_id(union.id, kind) for kind in (AccountKind.EARLY_MEMBERS, AccountKind.TREASURY)
    }
    held = await load_accounts(await unit.raw(), union.id, purses.values())
    left = {kind: held[account_id].balance_minor for kind, account_id in purses.items()}
    batch: list[TransferRequest] = []
    accounts: list[NewAccount] = []
    reasons: dict[UUID, Reason] = {}
    for grant in grants:
        grant_minor = formula.minor(grant.number)
        if not grant_minor:
            continue
        purse = choose_purse(grant_minor, left[AccountKind.EARLY_MEMBERS], left[AccountKind.TREASURY])
        if purse is None:
            break
        left[purse] -= grant_minor
        kind = grant_account_kind(grant.by_founder_invitation, grant.has_settled_an_agreement)
        account = NewAccount(member_account_id(union.id, grant.member_id, kind), kind, grant.member_id)
        accounts.append(account)
        transfer_id = derived_id(
            LEDGER_NAMESPACE, str(union.id), Code.JOINING_GRANT.word, str(grant.member_id)
        )
        reasons[transfer_id] = Reason(
            {
                "first_minor": formula.first_minor,
                "halves_every": formula.halves_every,
                "number": grant.number or 0,
                "locked": int(kind is AccountKind.GRANT),
            }
        )
        batch.append(
            TransferRequest(
                id=transfer_id,
                debit_account=purses[purse],
                credit_account=account.id,
                asset=union.token.symbol,
                amount_minor=grant_minor,
                code=Code.JOINING_GRANT.word,
            )
        )
    return batch, accounts, reasons
