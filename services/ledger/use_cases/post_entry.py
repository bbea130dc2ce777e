"""The one path by which anything is posted: under the head's lock, one batch, one entry of the journal."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from uuid import UUID

from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.ledger import MAX_TRANSFERS_PER_EVENT, LedgerNotice, PostedTransfer, TransferPosted
from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.journal import Entry, Head, JournalRow, next_entry
from services.ledger.domain.posting import Posted, post_batch
from services.ledger.domain.rights import CODES, Principal
from services.ledger.domain.transfers import SignedDebit, TransferRequest
from services.ledger.store.books import read_books
from services.ledger.store.journal import lock_head
from services.ledger.store.postings import ActOfTransfer, AllowedTransfers, write_entry, write_refusals


async def post_entry(
    unit: UnitOfWork,
    union_id: UUID,
    head: Head,
    principal: Principal,
    batch: Sequence[TransferRequest],
    own_act: ActOfTransfer | None = None,
) -> Posted:
    """Post a batch on the locked head. `own_act` is the signed act of a member who asks for themselves.

    Balances are read here, after the lock; nothing is written when nothing is posted or refused.
    """
    raw = await unit.raw()
    opened = await read_books(
        raw,
        union_id,
        head.last_sequence,
        principal.id,
        account_ids={transfer.debit_account for transfer in batch}
        | {transfer.credit_account for transfer in batch},
        transfer_ids={transfer.id for transfer in batch},
        acts={
            (transfer.act.device_key_id, transfer.act.nonce)
            for transfer in batch
            if isinstance(transfer.act, SignedDebit)
        },
    )
    posted = post_batch(_with_used_acts(batch, opened.used_acts), principal, opened.books)
    await write_refusals(raw, union_id, principal.id, posted.refusals, unit.now)
    if posted.postings:
        entry = next_entry(union_id, head, unit.now, _rows(posted, principal))
        await write_entry(raw, entry, principal.id, posted, _acts(posted, own_act), opened.books.accounts)
        _publish(unit, entry, posted)
        _tell_payees(unit, union_id, posted, opened.books.accounts)
    return posted


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


def _rows(posted: Posted, principal: Principal) -> list[JournalRow]:
    return [
        JournalRow(
            sequence=row.sequence,
            id=row.request.id,
            principal_id=principal.id,
            debit_account=row.request.debit_account,
            credit_account=row.request.credit_account,
            asset=row.request.asset,
            amount_minor=row.amount_minor,
            code=CODES[row.request.code],
        )
        for row in posted.postings
    ]


def _acts(posted: Posted, own_act: ActOfTransfer | None) -> list[AllowedTransfers]:
    """A forwarded act allows one transfer, a member's own one all that it asked for."""
    if own_act is not None:
        return [AllowedTransfers(posted.postings[0].sequence, posted.postings[-1].sequence, own_act)]
    return [
        AllowedTransfers(row.sequence, row.sequence, (act.device_key_id, act.nonce))
        for row in posted.postings
        if isinstance(act := row.request.act, SignedDebit)
    ]


def _publish(unit: UnitOfWork, entry: Entry, posted: Posted) -> None:
    for start in range(0, len(posted.postings), MAX_TRANSFERS_PER_EVENT):
        unit.publish(
            TransferPosted(
                union_id=entry.union_id,
                entry_number=entry.number,
                posted_at=entry.time,
                transfers=tuple(
                    # The ledger's own values: nothing of them is to be checked again.
                    PostedTransfer.model_construct(
                        id=row.request.id,
                        code=row.request.code,
                        asset=row.request.asset,
                        minor=row.amount_minor,
                    )
                    for row in posted.postings[start : start + MAX_TRANSFERS_PER_EVENT]
                ),
            )
        )


def _tell_payees(unit: UnitOfWork, union_id: UUID, posted: Posted, accounts: Mapping[UUID, Account]) -> None:
    """Of what one member paid another; what agreements and projects pay, their services tell."""
    told: dict[tuple[UUID, UUID | None], list[Account]] = {}
    for row in posted.postings:
        payer, payee = accounts[row.request.debit_account], accounts[row.request.credit_account]
        if payer.kind is AccountKind.MEMBER is payee.kind:
            told.setdefault((payee.id, payer.owner_id), []).append(payee)
    for (payee_id, payer_id), times in told.items():
        owner_id = times[0].owner_id
        assert owner_id is not None
        tell(
            unit,
            LedgerNotice(
                notice_id=unit.ids.new(),
                requested_at=unit.now,
                union_id=union_id,
                member_id=owner_id,
                kind="payment.received",
                subject="accounts",
                subject_id=payee_id,
                actor_id=payer_id,
                happened_count=len(times),
            ),
        )
