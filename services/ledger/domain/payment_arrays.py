"""A member's many payments as columns: posted together where nothing is against any of them.

The rules are those of `posting`, asked once for each payee: what is paid to one of them in all. A payer's
balance only falls by it and a payee's only rises, so where the sums may be posted in one order, so may their
parts in any. Where they may not, or something else is not plain, the transfers are posted one by one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import repeat
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

import numpy as np

from services.ledger.domain.accounts import Account
from services.ledger.domain.posting import BalanceAfter, Part, post_parts
from services.ledger.domain.results import Result
from services.ledger.domain.rights import Code
from services.ledger.domain.transfers import NO_FLAG, Flag, TransferRequest

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from services.ledger.domain.books import Books
    from services.ledger.domain.rights import Principal

    Integers = NDArray[np.int64]
    Places = NDArray[np.intp]
    Truths = NDArray[np.bool_]

ID_BYTES = 16


class PaymentColumns(NamedTuple):
    """Payments as they were sent: all of one debit account and asset, `pay`, linked or without a flag, the
    last one not linked; ids all different, amounts from 1, at most 2^62 together. `id_bytes`: 16 of each.
    `payees` are references, each once, `payee_places` says whom each payment is to. `memos`: of each, or
    none at all."""

    ids: Sequence[str]
    id_bytes: bytes
    debit_account: str
    payees: Sequence[str]
    payee_places: Places
    asset: str
    amounts_minor: Integers
    are_linked: Truths
    memos: Sequence[str | None] = ()

    def each(self) -> Iterator[tuple[str, int, int, str | None, bool]]:
        """Of each payment its id, its payee's place, its amount, its memo, and whether it is linked."""
        return zip(
            self.ids,
            self.payee_places.tolist(),
            self.amounts_minor.tolist(),
            self.memos or repeat(None, len(self.ids)),
            self.are_linked.tolist(),
            strict=True,
        )


@dataclass(frozen=True, slots=True)
class PaymentArray:
    """PaymentColumns whose references are accounts' ids."""

    columns: PaymentColumns
    debit_account: UUID
    payees: Sequence[UUID]
    payee_places: Places

    @classmethod
    def of(cls, columns: PaymentColumns, accounts: Mapping[str, UUID]) -> PaymentArray:
        """`accounts`: what each reference means; two may mean the same one."""
        named = [accounts[reference] for reference in columns.payees]
        payees = list(dict.fromkeys(named))
        places = columns.payee_places
        if len(payees) < len(named):
            places = np.array([payees.index(account) for account in named], np.intp)[places]
        return cls(columns, accounts[columns.debit_account], payees, places)

    def __len__(self) -> int:
        return len(self.columns.ids)

    def requests(self) -> list[TransferRequest]:
        """The transfers, each by itself."""
        return [
            self._request(UUID(transfer_id), self.payees[place], amount_minor, memo, is_linked=is_linked)
            for (transfer_id, _, amount_minor, memo, is_linked), place in zip(
                self.columns.each(), self.payee_places.tolist(), strict=True
            )
        ]

    def sums(self) -> list[TransferRequest]:
        """What each payee is paid in all."""
        sums = np.zeros(len(self.payees), np.int64)
        np.add.at(sums, self.payee_places, self.columns.amounts_minor)
        return [
            self._request(UUID(int=place), payee, amount_minor)
            for place, (payee, amount_minor) in enumerate(zip(self.payees, sums.tolist(), strict=True))
        ]

    def _request(
        self,
        transfer_id: UUID,
        payee: UUID,
        amount_minor: int,
        memo: str | None = None,
        *,
        is_linked: bool = False,
    ) -> TransferRequest:
        return TransferRequest(
            transfer_id,
            self.debit_account,
            payee,
            self.columns.asset,
            amount_minor,
            Code.PAY.word,
            memo=memo,
            flags=Flag.LINKED if is_linked else NO_FLAG,
        )


class PostedArray(NamedTuple):
    """An array as rows: `first_sequence` is the first one's, the others follow. `payees` as accounts, in the
    array's order. `*_previous`: the sequence numbers of the accounts' rows before each."""

    array: PaymentArray
    principal_id: UUID
    first_sequence: int
    payer: Account
    payees: Sequence[Account]
    debit_previous: Integers
    credit_previous: Integers
    balances: Sequence[BalanceAfter]

    @property
    def sequences(self) -> Integers:
        return np.arange(self.first_sequence, self.first_sequence + len(self.array), dtype=np.int64)

    @property
    def flags(self) -> NDArray[np.int16]:
        return self.array.columns.are_linked.astype(np.int16) * int(Flag.LINKED)

    @property
    def payment_counts(self) -> Sequence[int]:
        """How many each payee is paid."""
        return np.bincount(self.array.payee_places, minlength=len(self.payees)).tolist()


def post_array(array: PaymentArray, principal: Principal, books: Books) -> PostedArray | None:
    """The rows, where each payment may be posted; else None. Ids are the caller's to look at."""
    trial = post_parts([Part(principal, array.sums(), {})], books)
    if any(answer.result is not Result.POSTED for answer in trial.answers):
        return None
    payer = books.accounts[array.debit_account]
    payees = [books.accounts[payee] for payee in array.payees]
    first = books.last_sequence + 1
    sequences = np.arange(first, first + len(array), dtype=np.int64)
    debit_previous = sequences - 1
    debit_previous[0] = payer.last_sequence
    credit_previous, last_of_payees = _chained(array.payee_places, sequences, payees)
    last = dict(zip(array.payees, last_of_payees, strict=True)) | {payer.id: int(sequences[-1])}
    balances = [replace(after, last_sequence=last[after.account.id]) for after in trial.balances]
    return PostedArray(array, principal.id, first, payer, payees, debit_previous, credit_previous, balances)


def _chained(
    places: Places, sequences: Integers, payees: Sequence[Account]
) -> tuple[Integers, Sequence[int]]:
    """For each row the one of its payee before it, and each payee's last one."""
    order = np.argsort(places, kind="stable")
    places_in_order, in_order = places[order], sequences[order]
    is_first = np.ones(len(order), np.bool_)
    is_first[1:] = places_in_order[1:] != places_in_order[:-1]
    before = np.empty_like(in_order)
    before[1:] = in_order[:-1]
    before[is_first] = [payee.last_sequence for payee in payees]
    previous = np.empty_like(before)
    previous[order] = before
    is_last = np.roll(is_first, -1)
    return previous, in_order[is_last].tolist()
