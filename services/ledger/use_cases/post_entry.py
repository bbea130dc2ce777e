"""The one path by which anything is posted: under the head's lock, one batch, one entry of the journal."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from itertools import pairwise
from uuid import UUID

from chassis.ids import derived_id, random_bytes
from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import LEDGER_NAMESPACE, AccountKind, union_account_id
from services.ledger.domain.books import Books
from services.ledger.domain.fees import FeeRule, fee_rule
from services.ledger.domain.holds import Hold
from services.ledger.domain.journal import Head, leaves_of, next_entry, time_after
from services.ledger.domain.journal_rows import SALT_BYTES, JournalRow, Memo
from services.ledger.domain.posting import Part, Posted, post_parts
from services.ledger.domain.reasons import Reason, fee_reason
from services.ledger.domain.rights import CODES, LEDGER, MOVING_NOTHING, WORDS, Code, Principal
from services.ledger.domain.transfers import Particulars, SignedDebit, TransferRequest
from services.ledger.store.books import OpenBooks, Wanted, read_books
from services.ledger.store.journal import lock_head
from services.ledger.store.postings import (
    ActOfTransfer,
    AllowedTransfers,
    number_principals,
    write_entry,
    write_refusals,
)
from services.ledger.store.reasons import write_reasons
from services.ledger.use_cases.announce_holds import announce_holds
from services.ledger.use_cases.announce_posted import announce_posted
from services.ledger.use_cases.tell_members import moved_of, tell_members


@dataclass(frozen=True, slots=True)
class Asked:
    """A principal's batch. `own_act`: the signed act of a member who asks for themselves, and who may have so
    many holds pending on their account. `reasons`: why the ledger itself moves what it does, by transfer."""

    principal: Principal
    batch: Sequence[TransferRequest]
    own_act: ActOfTransfer | None = None
    holds_per_account_max: int = 0
    reasons: Mapping[UUID, Reason] = field(default_factory=dict[UUID, Reason])


async def post_entry(
    unit: UnitOfWork,
    union: UnionView,
    head: Head,
    principal: Principal,
    batch: Sequence[TransferRequest],
    own_act: ActOfTransfer | None = None,
    reasons: Mapping[UUID, Reason] | None = None,
) -> Posted:
    """Post one principal's batch on the locked head."""
    asked = Asked(principal, batch, own_act, reasons=reasons or {})
    return await post_together(unit, union, head, [asked])


async def post_together(
    unit: UnitOfWork,
    union: UnionView,
    head: Head,
    asked: Sequence[Asked],
    touched: Collection[UUID] = (),
) -> Posted:
    """Post what several asked for, in order, as one entry on the locked head.

    Balances are read here, after the lock; nothing is written when nothing is posted or refused. Holds of the
    accounts that are debited, or `touched`, end first where their time has: what comes of a transfer does not
    depend on when the timer ran.
    """
    raw = await unit.raw()
    union_id, moment = union.id, time_after(head, unit.now)
    fees = fee_rule(union.parameters)
    wanted = _wanted(union_id, asked, touched, fees)
    opened = await read_books(raw, union_id, head.last_sequence, moment, wanted)
    due = opened.due
    expired = [Asked(LEDGER, _expiries(union_id, opened))] if due else []
    if expired:
        asked = [*expired, *asked]
        wanted = _wanted(union_id, asked, touched, fees)
        opened = await read_books(raw, union_id, head.last_sequence, moment, wanted)
    parts = [
        Part(
            one.principal,
            _with_used_acts(one.batch, opened.used_acts),
            opened.earlier.get(one.principal.id, {}),
            one.holds_per_account_max,
        )
        for one in asked
    ]
    books = opened.books
    if not fees.takes_nothing:
        treasury_id = union_account_id(union_id, AccountKind.TREASURY)
        books = replace(books, fees=fees, treasury_id=treasury_id)
    posted = post_parts(parts, books)
    refusals = [(one.principal.id, refusal) for one in posted.outcomes for refusal in one.refusals]
    await write_refusals(raw, union_id, refusals, unit.now)
    rows = _rows(posted)
    if rows:
        leaves = leaves_of(rows, head.salt_key)
        supply_minor = _supply_minor(union_id, posted, books)
        entry = next_entry(union_id, head, moment, leaves, rows[0].asset, supply_minor)
        memos = {row.sequence: row.memo for row in rows if row.memo is not None}
        posting = {row.principal_id for row in rows}
        principals = await number_principals(raw, union_id, opened.principals, posting)
        await write_entry(raw, entry, posted, _acts(posted, asked), books.accounts, memos, principals)
        await write_reasons(raw, union_id, union.charter_version, _reasons(posted, asked, fees))
        moving = [row for row in rows if row.code not in MOVING_NOTHING]
        told = [(row.id, WORDS[row.code], row.asset, row.amount_minor) for row in moving]
        announce_posted(unit, entry, told)
        await announce_holds(unit, entry, posted.holds.values(), books.accounts)
        await tell_members(unit, entry, moved_of(posted.postings), books.accounts)
    if due:
        _record_expired(unit, union_id, due)
    return replace(posted, outcomes=posted.outcomes[len(expired) :])


def _record_expired(unit: UnitOfWork, union_id: UUID, due: Sequence[Hold]) -> None:
    ended = [{"account_id": hold.debit_account, "hold_id": hold.id} for hold in due[:100]]
    changed = {"ended_count": len(due), "holds": ended}
    unit.record_act("clock: holds expired", "holds", changed, union_id=union_id)


def _wanted(union_id: UUID, asked: Sequence[Asked], touched: Collection[UUID], fees: FeeRule) -> Wanted:
    transfers = [(one.principal.id, transfer) for one in asked for transfer in one.batch]
    debited = {transfer.debit_account for _, transfer in transfers} | set(touched)
    about = [
        (transfer.debit_account, transfer.particulars)
        for _, transfer in transfers
        if transfer.particulars is not None
    ]
    return Wanted(
        account_ids=debited
        | {transfer.credit_account for _, transfer in transfers}
        | {union_account_id(union_id, AccountKind.ISSUANCE)}
        | ({union_account_id(union_id, AccountKind.TREASURY)} if not fees.takes_nothing else set()),
        principal_ids={LEDGER.id} | {one.principal.id for one in asked},
        transfer_ids={(principal_id, transfer.id) for principal_id, transfer in transfers},
        acts={
            (transfer.act.device_key_id, transfer.act.nonce)
            for _, transfer in transfers
            if isinstance(transfer.act, SignedDebit)
        },
        holds={(debit, named.pending_id) for debit, named in about if named.pending_id is not None},
        mandates={(debit, named.mandate_id) for debit, named in about if named.mandate_id is not None},
        holding_account_ids={debit for debit, named in about if named.timeout_seconds is not None},
        ending_account_ids=debited,
    )


def _expiries(union_id: UUID, opened: OpenBooks) -> list[TransferRequest]:
    """What gives back the amounts of holds whose time has ended."""
    word = Code.HOLD_EXPIRE.word
    return [
        TransferRequest(
            id=derived_id(LEDGER_NAMESPACE, str(union_id), word, str(hold.debit_account), str(hold.id)),
            debit_account=hold.debit_account,
            credit_account=hold.credit_account,
            asset=opened.books.accounts[hold.debit_account].asset,
            amount_minor=hold.amount_minor,
            code=word,
            particulars=Particulars(pending_id=hold.id),
        )
        for hold in opened.due
    ]


async def head_after(unit: UnitOfWork, union_id: UUID) -> Head:
    """The head again, after an entry of this transaction: its lock is held already."""
    head = await lock_head(await unit.raw(), union_id)
    assert head is not None
    return head


def _with_used_acts(
    batch: Sequence[TransferRequest], used: frozenset[ActOfTransfer]
) -> Sequence[TransferRequest]:
    if not used:
        return batch
    return [
        replace(transfer, act=replace(act, is_used=(act.device_key_id, act.nonce) in used))
        if isinstance(act := transfer.act, SignedDebit)
        else transfer
        for transfer in batch
    ]


def _rows(posted: Posted) -> list[JournalRow]:
    return [
        JournalRow(
            sequence=row.sequence,
            id=row.request.id,
            principal_id=row.principal_id,
            debit_account=row.request.debit_account,
            credit_account=row.request.credit_account,
            asset=row.request.asset,
            amount_minor=row.amount_minor,
            code=CODES[row.request.code],
            flags=row.request.flags,
            particulars=row.request.particulars,
            memo=None if row.request.memo is None else Memo.of(row.request.memo, random_bytes(SALT_BYTES)),
        )
        for row in posted.postings
    ]


def _reasons(posted: Posted, asked: Sequence[Asked], fees: FeeRule) -> list[tuple[int, Reason]]:
    """Why the ledger itself moved what it did, by the sequence of the transfer."""
    given = {transfer_id: reason for one in asked for transfer_id, reason in one.reasons.items()}
    told = [(row.sequence, given[row.request.id]) for row in posted.postings if row.request.id in given]
    if not fees.takes_nothing:
        rows = posted.postings
        told += [
            (fee.sequence, fee_reason(fees, CODES[payment.request.code], payment.amount_minor))
            for payment, fee in pairwise(rows)
            if fee.request.code == Code.FEE.word
        ]
    return told


def _supply_minor(union_id: UUID, posted: Posted, books: Books) -> int:
    """What the issuance account has given out."""
    issuance = union_account_id(union_id, AccountKind.ISSUANCE)
    for after in posted.balances:
        if after.account.id == issuance:
            return -after.balance_minor
    return -books.accounts[issuance].balance_minor


def _acts(posted: Posted, asked: Sequence[Asked]) -> list[AllowedTransfers]:
    """A forwarded act allows one transfer, a member's own one all that it asked for."""
    allowed: list[AllowedTransfers] = []
    for one, outcome in zip(asked, posted.outcomes, strict=True):
        rows = outcome.postings
        if one.own_act is None:
            allowed += [
                AllowedTransfers(row.sequence, row.sequence, (act.device_key_id, act.nonce))
                for row in rows
                if isinstance(act := row.request.act, SignedDebit)
            ]
        elif rows:
            allowed.append(AllowedTransfers(rows[0].sequence, rows[-1].sequence, one.own_act))
    return allowed
