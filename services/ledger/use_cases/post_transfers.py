"""Post a batch of transfers: one transaction, one result each, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple
from uuid import UUID

from chassis.auth.stored_acts import store_act, store_acts
from chassis.membership import UnionView
from chassis.signatures import ActReplayed, SignedAct
from chassis.telemetry.trace import Trace
from chassis.unit_of_work import PublishedEvent, UnitOfWork
from services.ledger.domain.accounts import referred_account
from services.ledger.domain.errors import BatchTooLarge
from services.ledger.domain.journal import Head
from services.ledger.domain.payment_arrays import PaymentArray, PaymentColumns
from services.ledger.domain.posting import Outcome, Posted
from services.ledger.domain.rights import Principal
from services.ledger.domain.transfers import NO_FLAG, Answer, Flag, InvalidAct, Particulars, TransferRequest
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_array import post_array_entry
from services.ledger.use_cases.post_entry import Asked, head_after, post_together
from services.ledger.use_cases.verify_debit_act import VerifiedAct


class TransferDraft(NamedTuple):
    """A transfer as it was sent: its accounts are references, its act is verified."""

    id: UUID
    debit_account: str
    credit_account: str
    asset: str
    amount_minor: int
    code: str
    memo: str | None = None
    act: VerifiedAct | InvalidAct | None = None
    flags: Flag = NO_FLAG
    particulars: Particulars | None = None


class PostingLimits(NamedTuple):
    """So many transfers a request may have, and so many holds may be pending on a member's account."""

    transfers_max: int
    holds_per_account_max: int


@dataclass(frozen=True, slots=True)
class MemberOrder:
    """A member's request, ready to be posted together with others'."""

    union: UnionView
    principal: Principal
    act: SignedAct
    batch: Sequence[TransferRequest] | PaymentArray
    holds_per_account_max: int

    @property
    def key(self) -> ActOfTransfer:
        return (self.act.key_id, self.act.nonce)


Answers = Sequence[Answer] | PaymentArray
"""One for each transfer, in order; an array's own when all of it was posted now."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a request, and the events that tell of them."""

    answers: Answers
    published: Sequence[PublishedEvent] = ()


def member_order(
    union: UnionView,
    principal: Principal,
    act: SignedAct,
    drafts: Sequence[TransferDraft] | PaymentColumns,
    limits: PostingLimits,
) -> MemberOrder:
    """Raises BatchTooLarge and BadAccountReference, before any id is burnt."""
    if isinstance(drafts, PaymentColumns):
        batch = _array(union, drafts, limits.transfers_max)
    else:
        batch = _requests(union, drafts, limits.transfers_max)
    return MemberOrder(union, principal, act, batch, limits.holds_per_account_max)


async def post_orders(
    unit: UnitOfWork, orders: Sequence[tuple[MemberOrder, str, Trace]]
) -> Sequence[Answered | ActReplayed]:
    """Post what members of one union ask for, each with its actor and its trace: the small ones as one entry,
    in order, then each array as one of its own.

    An act that was stored before is refused, the others are posted all the same. Raises what `lock_books`
    raises.
    """
    union = orders[0][0].union
    head = await lock_books(unit, union)
    raw = await unit.raw()
    new = await store_acts(raw, [(order.principal.id, order.act) for order, _, _ in orders], unit.now)
    outcomes: dict[int, Answered | ActReplayed] = {}
    kept: list[tuple[int, Asked]] = []
    arrays: list[tuple[int, PaymentArray]] = []
    for place, (order, _, _) in enumerate(orders):
        if order.key not in new:
            outcomes[place] = ActReplayed(*order.key)
            continue
        new.discard(order.key)  # the same once more, in this very transaction, is a repeat
        if isinstance(order.batch, PaymentArray):
            arrays.append((place, order.batch))
        else:
            kept.append((place, Asked(order.principal, order.batch, order.key, order.holds_per_account_max)))
    if kept:
        posted = await post_together(unit, union, head, [asked for _, asked in kept])
        for (place, asked), outcome in zip(kept, posted.outcomes, strict=True):
            _, actor, trace = orders[place]
            with unit.acting(actor, trace):
                _record(unit, union, asked.batch, outcome, ())
            outcomes[place] = Answered(outcome.answers, unit.published if outcome.postings else ())
        if arrays:
            head = await head_after(unit, union.id)
    for place, array in arrays:
        order, actor, trace = orders[place]
        outcome, head = await _post_array(unit, head, order, array)
        with unit.acting(actor, trace):
            _record_array(unit, order, array, outcome)
        outcomes[place] = Answered(array if outcome is None else outcome.answers, unit.published)
    return [outcomes[place] for place in range(len(orders))]


async def post_order(unit: UnitOfWork, order: MemberOrder) -> Answers:
    """Post what a member asks for, by an act that is stored already, in a transaction of its own."""
    head = await lock_books(unit, order.union)
    if isinstance(order.batch, PaymentArray):
        outcome, _ = await _post_array(unit, head, order, order.batch)
        _record_array(unit, order, order.batch, outcome)
        return order.batch if outcome is None else outcome.answers
    outcome = await _post_asked(unit, head, order, order.batch)
    _record(unit, order.union, order.batch, outcome, ())
    return outcome.answers


async def _post_array(
    unit: UnitOfWork, head: Head, order: MemberOrder, array: PaymentArray
) -> tuple[Outcome | None, Head]:
    """With the head after it: what came of each where not all could be posted at once, else None."""
    after = await post_array_entry(unit, order.union, head, order.principal, array, order.key)
    if after is not None:
        return None, after
    outcome = await _post_asked(unit, head, order, array.requests())
    return outcome, await head_after(unit, order.union.id)


async def _post_asked(
    unit: UnitOfWork, head: Head, order: MemberOrder, batch: Sequence[TransferRequest]
) -> Outcome:
    asked = Asked(order.principal, batch, order.key, order.holds_per_account_max)
    return (await post_together(unit, order.union, head, [asked])).outcomes[0]


async def post_transfers(
    unit: UnitOfWork,
    union: UnionView,
    principal: Principal,
    drafts: Sequence[TransferDraft],
    limits: PostingLimits,
) -> Sequence[Answer]:
    """The answers to a service, in order.

    Raises BatchTooLarge and BadAccountReference, before any id is burnt.
    """
    batch = _requests(union, drafts, limits.transfers_max)
    head = await lock_books(unit, union)
    asked = Asked(principal, batch, holds_per_account_max=limits.holds_per_account_max)
    posted = await post_together(unit, union, head, [asked])
    await _store_spent_acts(unit, drafts, posted)
    invalid = [draft.act.reason for draft in drafts[:100] if isinstance(draft.act, InvalidAct)]
    _record(unit, union, batch, posted.outcomes[0], invalid)
    return posted.answers


def _array(union: UnionView, columns: PaymentColumns, transfers_max: int) -> PaymentArray:
    if len(columns.ids) > transfers_max:
        raise BatchTooLarge(len(columns.ids), transfers_max)
    named = {columns.debit_account, *columns.payees}
    return PaymentArray.of(columns, {name: referred_account(union.id, name) for name in named})


def _requests(union: UnionView, drafts: Sequence[TransferDraft], transfers_max: int) -> list[TransferRequest]:
    if len(drafts) > transfers_max:
        raise BatchTooLarge(len(drafts), transfers_max)
    named = {name for draft in drafts for name in (draft.debit_account, draft.credit_account)}
    accounts = {name: referred_account(union.id, name) for name in named}
    return [_request(accounts, draft) for draft in drafts]


def _request(accounts: Mapping[str, UUID], draft: TransferDraft) -> TransferRequest:
    act = draft.act
    return TransferRequest(
        id=draft.id,
        debit_account=accounts[draft.debit_account],
        credit_account=accounts[draft.credit_account],
        asset=draft.asset,
        amount_minor=draft.amount_minor,
        code=draft.code,
        act=act.debit if isinstance(act, VerifiedAct) else act,
        memo=draft.memo,
        flags=draft.flags,
        particulars=draft.particulars,
    )


async def _store_spent_acts(unit: UnitOfWork, drafts: Sequence[TransferDraft], posted: Posted) -> None:
    """Keep the forwarded acts that were answered: they allow nothing more."""
    raw = await unit.raw()
    for draft in drafts:
        act = draft.act
        if isinstance(act, VerifiedAct):
            key = (act.debit.device_key_id, act.debit.nonce)
            if posted.spent_acts.get(key) == draft.id:
                await store_act(raw, act.debit.member_id, act.act, unit.now)


def _record(
    unit: UnitOfWork,
    union: UnionView,
    batch: Sequence[TransferRequest],
    outcome: Outcome,
    invalid_acts: Sequence[str],
) -> None:
    subject = f"accounts/{batch[0].debit_account}" if batch else "transfers"
    told = _told(len(outcome.postings), outcome.refusals)
    _record_as(unit, union, subject, told | {"invalid_acts": invalid_acts} if invalid_acts else told)


def _record_array(unit: UnitOfWork, order: MemberOrder, array: PaymentArray, outcome: Outcome | None) -> None:
    """`outcome`: None where all of it was posted."""
    told = _told(len(array), ()) if outcome is None else _told(len(outcome.postings), outcome.refusals)
    _record_as(unit, order.union, f"accounts/{array.debit_account}", told)


def _told(posted_count: int, refusals: Sequence[Answer]) -> dict[str, object]:
    refused = [{"id": refusal.id, "result": refusal.result} for refusal in refusals[:100]]
    return {"posted_count": posted_count, "refused": refused}


def _record_as(unit: UnitOfWork, union: UnionView, subject: str, told: dict[str, object]) -> None:
    unit.record_act("post transfers", subject, told, union_id=union.id, charter_version=union.charter_version)
