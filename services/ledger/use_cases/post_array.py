"""Post a member's array of payments as one entry, column by column, where all of them may be posted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from itertools import repeat
from typing import TYPE_CHECKING

from asyncpg import UniqueViolationError

from chassis.ids import random_bytes
from services.ledger.domain.accounts import AccountKind, union_account_id
from services.ledger.domain.fees import fee_rule
from services.ledger.domain.journal import Entry, Head, head_at, next_entry, time_after
from services.ledger.domain.journal_rows import SALT_BYTES, Memo
from services.ledger.domain.leaf_arrays import array_leaves
from services.ledger.domain.payment_arrays import PaymentArray, PostedArray, post_array
from services.ledger.domain.posting import Posted
from services.ledger.domain.rights import Code
from services.ledger.store.array_rows import copy_array
from services.ledger.store.books import Wanted, read_books
from services.ledger.store.postings import (
    ActOfTransfer,
    AllowedTransfers,
    has_burnt,
    number_principals,
    write_entry,
)
from services.ledger.use_cases.announce_posted import announce_posted
from services.ledger.use_cases.tell_members import tell_members

if TYPE_CHECKING:
    from chassis.membership import UnionView
    from chassis.unit_of_work import UnitOfWork
    from services.ledger.domain.books import Books
    from services.ledger.domain.rights import Principal


async def post_array_entry(
    unit: UnitOfWork,
    union: UnionView,
    head: Head,
    principal: Principal,
    array: PaymentArray,
    own_act: ActOfTransfer,
) -> Head | None:
    """The head after it. None: nothing was written, as something is to be looked at transfer by transfer: a
    refusal, an id that was used, a fee, a hold whose time has ended."""
    if not fee_rule(union.parameters).takes_nothing:
        return None
    raw, union_id, moment = await unit.raw(), union.id, time_after(head, unit.now)
    issuance_id = union_account_id(union_id, AccountKind.ISSUANCE)
    wanted = Wanted(
        account_ids={array.debit_account, issuance_id, *array.payees},
        principal_ids={principal.id},
        transfer_ids=(),
        acts=(),
        ending_account_ids={array.debit_account},
    )
    opened = await read_books(raw, union_id, head.last_sequence, moment, wanted)
    if opened.due or await has_burnt(raw, union_id, principal.id, array.columns.ids):
        return None
    posted = post_array(array, principal, opened.books)
    if posted is None:
        return None
    supply_minor = -opened.books.accounts[issuance_id].balance_minor
    memos = {
        sequence: Memo.of(text, random_bytes(SALT_BYTES))
        for sequence, text in enumerate(array.columns.memos, posted.first_sequence)
        if text is not None
    }
    leaves = array_leaves(posted, head.salt_key, memos)
    entry = next_entry(union_id, head, moment, leaves, array.columns.asset, supply_minor)
    try:
        async with unit.attempt():
            principals = await number_principals(raw, union_id, opened.principals, [principal.id])
            await copy_array(raw, entry, posted, principals[principal.id])
    except UniqueViolationError:
        return None
    await _write(unit, entry, posted, own_act, opened.books, memos)
    return head_at(entry, head)


async def _write(
    unit: UnitOfWork,
    entry: Entry,
    posted: PostedArray,
    own_act: ActOfTransfer,
    books: Books,
    memos: Mapping[int, Memo],
) -> None:
    """What is beside the rows: the entry, balances, the act, and whoever is told."""
    after = Posted((), tuple(posted.balances), {}, {}, {}, {})
    allowed = AllowedTransfers(posted.first_sequence, entry.last_sequence, own_act)
    await write_entry(await unit.raw(), entry, after, [allowed], books.accounts, memos, {})
    columns = posted.array.columns
    word = Code.PAY.word
    amounts_minor = columns.amounts_minor.tolist()
    told = zip(columns.ids, repeat(word), repeat(columns.asset), amounts_minor, strict=False)
    announce_posted(unit, entry, list(told))
    payer_number = posted.payer.number
    moved = Counter(
        {
            (word, payer_number, payee.number): count
            for payee, count in zip(posted.payees, posted.payment_counts, strict=True)
        }
    )
    await tell_members(unit, entry, moved, books.accounts)
