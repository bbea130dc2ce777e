"""What a batch that is under way has changed in the books: the one place that changes them."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.books import Books
from services.ledger.domain.holds import STATE_AFTER, Hold, HoldKey
from services.ledger.domain.mandates import Mandate, MandateKey, MandateUse
from services.ledger.domain.pending import Pending
from services.ledger.domain.rights import CODES, MOVING_NOTHING, RIGHTS, Authority, Code
from services.ledger.domain.transfers import (
    NO_FLAG,
    Flag,
    PostedBefore,
    Posting,
    RefusedBefore,
    TransferRequest,
)

BALANCE_LIMIT_MINOR = 2**62
"""No supply is larger, so no balance is."""

_Key = TypeVar("_Key")
_Value = TypeVar("_Value")


class Draft:
    """What has changed since the batch began, and the way back to where a chain began."""

    def __init__(self, books: Books) -> None:
        self.books = books
        self.earlier: dict[UUID, PostedBefore | RefusedBefore] = {}
        """Of the principal whose part it is."""
        self.contributions: dict[tuple[UUID, UUID], int] = dict(books.contributions)
        self.holds_counts: dict[UUID, int] = dict(books.holds_counts)
        self.balances: dict[UUID, int] = {}
        self.pending: dict[UUID, Pending] = {}
        self.last: dict[UUID, int] = {}
        self.moved: dict[tuple[UUID, UUID], int] = {}
        self.holds: dict[HoldKey, Hold] = {}
        self.mandate_uses: dict[MandateKey, MandateUse] = {}
        self.closed: dict[UUID, int] = {}
        """By account, the transfer that closed it."""
        self.spent_acts: dict[tuple[str, str], UUID] = {}
        self.postings: list[Posting] = []
        self._undo: list[Callable[[], object]] | None = None
        """None while no chain is under way: nothing is taken back then."""

    @property
    def next_sequence(self) -> int:
        return self.books.last_sequence + len(self.postings) + 1

    def put(self, held: dict[_Key, _Value], key: _Key, value: _Value) -> None:
        if self._undo is not None:
            was = partial(held.__setitem__, key, held[key]) if key in held else partial(held.pop, key)
            self._undo.append(was)
        held[key] = value

    def post(self, posting: Posting) -> None:
        self.postings.append(posting)
        if self._undo is not None:
            self._undo.append(self.postings.pop)

    def begin_chain(self) -> None:
        """What happens from here on can be taken back."""
        self._undo = []

    def end_chain(self, *, holds: bool) -> None:
        undo, self._undo = self._undo or [], None
        while undo and not holds:
            undo.pop()()

    def balance(self, account: Account) -> int:
        return self.balances.get(account.id, account.balance_minor)

    def is_closed(self, account: Account) -> bool:
        return bool(account.closed_sequence) or account.id in self.closed

    def pending_on(self, account: Account) -> Pending:
        return self.pending.get(account.id, account.pending)

    def available(self, account: Account) -> int:
        """What may leave it: neither what is reserved nor what it does not have."""
        least = -BALANCE_LIMIT_MINOR if account.may_be_negative else 0
        return self.balance(account) - self.pending_on(account).reserved_minor - least

    def hold(self, request: TransferRequest) -> Hold | None:
        """The hold that the transfer names, as it is now."""
        if request.particulars is None or request.particulars.pending_id is None:
            return None
        key = (request.debit_account, request.particulars.pending_id)
        return self.holds.get(key) or self.books.holds.get(key)

    def mandate(self, request: TransferRequest) -> Mandate | None:
        """The mandate that the transfer names."""
        if request.particulars is None or request.particulars.mandate_id is None:
            return None
        return self.books.mandates.get((request.debit_account, request.particulars.mandate_id))

    def use_of(self, mandate: Mandate) -> MandateUse:
        return self.mandate_uses.get(mandate.key, mandate.use)

    def move(
        self,
        principal_id: UUID,
        request: TransferRequest,
        debit: Account,
        credit: Account,
        amount_minor: int,
    ) -> None:
        """Post the principal's transfer, which nothing is against, with all that it changes."""
        code, sequence = CODES[request.code], self.next_sequence
        moves = code not in MOVING_NOTHING
        self.post(
            Posting(
                sequence=sequence,
                principal_id=principal_id,
                request=request,
                amount_minor=amount_minor,
                debit_number=debit.number,
                credit_number=credit.number,
                debit_previous=self.last.get(debit.id, debit.last_sequence) if moves else 0,
                credit_previous=self.last.get(credit.id, credit.last_sequence) if moves else 0,
            )
        )
        if code in STATE_AFTER:
            self._change_hold(request, debit, credit, amount_minor)
        if not moves:
            return
        self.put(self.balances, debit.id, self.balance(debit) - amount_minor)
        self.put(self.balances, credit.id, self.balance(credit) + amount_minor)
        self.put(self.last, debit.id, sequence)
        self.put(self.last, credit.id, sequence)
        if request.flags is not NO_FLAG and Flag.CLOSING_DEBIT in request.flags:
            self.put(self.closed, debit.id, sequence)
        if credit.returns_to_contributors:
            self._contribute(credit.id, debit.id, amount_minor)
        elif RIGHTS[code][0].authority is Authority.CONTRIBUTOR:
            self._contribute(debit.id, credit.id, -amount_minor)
        elif code is Code.MANDATE_PAY:
            self._use_mandate(request, amount_minor)

    def _contribute(self, escrow_id: UUID, contributor_id: UUID, amount_minor: int) -> None:
        after = self.contributions.get((escrow_id, contributor_id), 0) + amount_minor
        self.put(self.contributions, (escrow_id, contributor_id), after)
        self.put(self.moved, (escrow_id, contributor_id), after)

    def _change_hold(
        self, request: TransferRequest, debit: Account, credit: Account, amount_minor: int
    ) -> None:
        """Open one, or end the one that is named: then all of it is free again."""
        code, sequence = CODES[request.code], self.postings[-1].sequence
        ended = self.hold(request)
        if ended is None:
            timeout_seconds = request.particulars.timeout_seconds if request.particulars else None
            expires_at = self.books.moment + timedelta(seconds=timeout_seconds or 0)
            hold = Hold(request.id, sequence, debit.id, credit.id, amount_minor, expires_at)
            held_minor, count = amount_minor, 1
        else:
            taken_minor = amount_minor if code is Code.HOLD_POST else 0
            state = STATE_AFTER[code]
            hold = replace(ended, state=state, taken_minor=taken_minor, closed_sequence=sequence)
            held_minor, count = -ended.amount_minor, -1
        self.put(self.holds, hold.key, hold)
        self.put(self.holds_counts, debit.id, self.holds_counts.get(debit.id, 0) + count)
        for account, reserved, expected in ((debit, held_minor, 0), (credit, 0, held_minor)):
            before = self.pending_on(account)
            after = Pending(before.reserved_minor + reserved, before.expected_minor + expected)
            self.put(self.pending, account.id, after)

    def _use_mandate(self, request: TransferRequest, amount_minor: int) -> None:
        mandate = self.mandate(request)
        if mandate is not None:
            used_minor = mandate.used_at(self.books.moment, self.use_of(mandate)) + amount_minor
            after = MandateUse(mandate.period_at(self.books.moment), used_minor)
            self.put(self.mandate_uses, mandate.key, after)
