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
from services.ledger.domain.posting import Outcome, Posted
from services.ledger.domain.rights import Principal
from services.ledger.domain.transfers import NO_FLAG, Answer, Flag, InvalidAct, Particulars, TransferRequest
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import Asked, post_together
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
    batch: Sequence[TransferRequest]
    holds_per_account_max: int


@dataclass(frozen=True, slots=True)
class Answered:
    """The answers to a request, in order, and the events that tell of them."""

    answers: Sequence[Answer]
    published: Sequence[PublishedEvent] = ()


def member_order(
    union: UnionView,
    principal: Principal,
    act: SignedAct,
    drafts: Sequence[TransferDraft],
    limits: PostingLimits,
) -> MemberOrder:
    """Raises BatchTooLarge and BadAccountReference, before any id is burnt."""
    batch = _requests(union, drafts, limits.transfers_max)
    return MemberOrder(union, principal, act, batch, limits.holds_per_account_max)


async def post_orders(
    unit: UnitOfWork, orders: Sequence[tuple[MemberOrder, str, Trace]]
) -> Sequence[Answered | ActReplayed]:
    """Post what members of one union ask for as one entry, in order; each with its actor and its trace.

    An act that was stored before is refused, the others are posted all the same. Raises what `lock_books`
    raises.
    """
    union = orders[0][0].union
    head = await lock_books(unit, union)
    raw = await unit.raw()
    new = await store_acts(raw, [(order.principal.id, order.act) for order, _, _ in orders], unit.now)
    outcomes: dict[int, Answered | ActReplayed] = {}
    kept: list[tuple[int, Asked]] = []
    for place, (order, _, _) in enumerate(orders):
        key = (order.act.key_id, order.act.nonce)
        if key in new:
            new.discard(key)  # the same once more, in this very transaction, is a repeat
            asked = Asked(order.principal, order.batch, key, order.holds_per_account_max)
            kept.append((place, asked))
        else:
            outcomes[place] = ActReplayed(*key)
    posted = await post_together(unit, union, head, [asked for _, asked in kept])
    for (place, _), outcome in zip(kept, posted.outcomes, strict=True):
        order, actor, trace = orders[place]
        with unit.acting(actor, trace):
            _record(unit, union, order.batch, outcome, ())
        outcomes[place] = Answered(outcome.answers, unit.published if outcome.postings else ())
    return [outcomes[place] for place in range(len(orders))]


async def post_transfers(
    unit: UnitOfWork,
    union: UnionView,
    principal: Principal,
    drafts: Sequence[TransferDraft],
    limits: PostingLimits,
    own_act: ActOfTransfer | None = None,
) -> Sequence[Answer]:
    """The answers, in order. `own_act`: of a member who debits their own account.

    Raises BatchTooLarge and BadAccountReference, before any id is burnt.
    """
    batch = _requests(union, drafts, limits.transfers_max)
    head = await lock_books(unit, union)
    asked = Asked(principal, batch, own_act, limits.holds_per_account_max)
    posted = await post_together(unit, union, head, [asked])
    await _store_spent_acts(unit, drafts, posted)
    invalid = [draft.act.reason for draft in drafts[:100] if isinstance(draft.act, InvalidAct)]
    _record(unit, union, batch, posted.outcomes[0], invalid)
    return posted.answers


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
    refused = [{"id": refusal.id, "result": refusal.result} for refusal in outcome.refusals[:100]]
    told: dict[str, object] = {"posted_count": len(outcome.postings), "refused": refused}
    unit.record_act(
        "post transfers",
        f"accounts/{batch[0].debit_account}" if batch else "transfers",
        told | {"invalid_acts": invalid_acts} if invalid_acts else told,
        union_id=union.id,
        charter_version=union.charter_version,
    )
