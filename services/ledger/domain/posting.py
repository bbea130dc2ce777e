"""The posting rules: a batch against the books, one answer for each transfer, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.authorities import Authorities
from services.ledger.domain.books import Books
from services.ledger.domain.draft import BALANCE_LIMIT_MINOR, Draft
from services.ledger.domain.fees import fee_request
from services.ledger.domain.holds import STATE_AFTER, Hold, HoldKey
from services.ledger.domain.mandates import MandateKey, MandateUse
from services.ledger.domain.pending import Pending
from services.ledger.domain.results import Result
from services.ledger.domain.rights import (
    CODES,
    LEDGER,
    OPENERS_AUTHORITIES,
    STOPPED_BY_A_FREEZE,
    Code,
    Principal,
    find_right,
)
from services.ledger.domain.transfers import (
    BALANCING,
    NO_FLAG,
    Answer,
    Flag,
    PostedBefore,
    Posting,
    RefusedBefore,
    SignedDebit,
    TransferRequest,
)

SPENDING_RESULTS = frozenset({Result.POSTED, Result.OVERFLOW, Result.INSUFFICIENT_FUNDS})
"""Answers that spend a fitting act: what its author signed was answered, once."""


DONE = frozenset({Result.POSTED, Result.EXISTS})
"""Answers with which a chain goes on: the transfer is posted, now or before."""


@dataclass(frozen=True, slots=True)
class BalanceAfter:
    """An account as the batch leaves it."""

    account: Account
    balance_minor: int
    last_sequence: int
    pending: Pending
    closed_sequence: int


@dataclass(frozen=True, slots=True)
class Part:
    """A principal's batch, one of those that are posted together; `earlier`: what its ids were answered.
    `holds_per_account_max`: so many holds may be pending on an account that it opens one on."""

    principal: Principal
    batch: Sequence[TransferRequest]
    earlier: Mapping[UUID, PostedBefore | RefusedBefore]
    holds_per_account_max: int = 0


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a part: an answer for each transfer, in order; ids that a refusal burns; rows to write."""

    principal: Principal
    answers: tuple[Answer, ...]
    refusals: tuple[Answer, ...]
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of all parts, in order: `balances` and what follows hold only what changed."""

    outcomes: tuple[Outcome, ...]
    balances: tuple[BalanceAfter, ...]
    contributions: Mapping[tuple[UUID, UUID], int]
    spent_acts: Mapping[tuple[str, str], UUID]
    """The transfer that each act was answered for, by (device key, nonce)."""
    holds: Mapping[HoldKey, Hold]
    mandate_uses: Mapping[MandateKey, MandateUse]

    @property
    def answers(self) -> tuple[Answer, ...]:
        return tuple(answer for outcome in self.outcomes for answer in outcome.answers)

    @property
    def refusals(self) -> tuple[Answer, ...]:
        return tuple(refusal for outcome in self.outcomes for refusal in outcome.refusals)

    @property
    def postings(self) -> tuple[Posting, ...]:
        return tuple(posting for outcome in self.outcomes for posting in outcome.postings)


def post_parts(parts: Sequence[Part], books: Books) -> Posted:
    """One part after the other, as if each had been posted alone: a later transfer sees what the earlier ones
    left."""
    return _Posting(books).post(parts)


def cancel_ids(
    ids: Sequence[UUID], earlier: Mapping[UUID, PostedBefore | RefusedBefore]
) -> tuple[Answer, ...]:
    """The answers to a cancellation: CANCELLED burns a free id, what was answered before stays so."""
    answers: list[Answer] = []
    for transfer_id in ids:
        before = earlier.get(transfer_id)
        if before is None:
            answers.append(Answer(transfer_id, Result.CANCELLED))
        elif isinstance(before, PostedBefore):
            answers.append(Answer(transfer_id, Result.EXISTS, moved_minor=before.amount_minor))
        else:
            answers.append(_repeat_of_refusal(transfer_id, before))
    return tuple(answers)


class _Posting:
    """The books while parts run through them."""

    def __init__(self, books: Books) -> None:
        self._accounts = books.accounts
        self._draft = Draft(books)
        self._authorities = Authorities(self._draft)
        self._earlier: dict[UUID, dict[UUID, PostedBefore | RefusedBefore]] = {}
        self._refusals: list[Answer] = []
        self._holds_per_account_max = 0

    def post(self, parts: Sequence[Part]) -> Posted:
        outcomes = tuple(self._post_part(part) for part in parts)
        draft = self._draft
        return Posted(
            outcomes,
            balances=tuple(
                self._after(self._accounts[account_id]) for account_id in draft.balances | draft.pending
            ),
            contributions=draft.moved,
            spent_acts=draft.spent_acts,
            holds=draft.holds,
            mandate_uses=draft.mandate_uses,
        )

    def _after(self, account: Account) -> BalanceAfter:
        draft = self._draft
        last_sequence = draft.last.get(account.id, account.last_sequence)
        closed_sequence = draft.closed.get(account.id, account.closed_sequence)
        return BalanceAfter(
            account, draft.balance(account), last_sequence, draft.pending_on(account), closed_sequence
        )

    def _post_part(self, part: Part) -> Outcome:
        draft = self._draft
        self._authorities.principal = part.principal
        self._holds_per_account_max = part.holds_per_account_max
        draft.earlier = self._earlier.setdefault(part.principal.id, dict(part.earlier))
        self._refusals, posted_count = [], len(draft.postings)
        answers = self._answers(part.batch)
        return Outcome(
            part.principal, tuple(answers), tuple(self._refusals), tuple(draft.postings[posted_count:])
        )

    def _answers(self, batch: Sequence[TransferRequest]) -> list[Answer]:
        answers: list[Answer] = []
        start = 0
        for place, request in enumerate(batch):
            if request.flags is not NO_FLAG and Flag.LINKED in request.flags:
                continue
            if place == start:
                answers.append(self._answer_alone(request))
            else:
                answers += self._answer_chain(batch[start : place + 1])
            start = place + 1
        if start < len(batch):
            answers += self._fail_chain(batch[start:], len(batch) - start - 1, Result.LINKED_CHAIN_OPEN)
        return answers

    def _answer_alone(self, request: TransferRequest) -> Answer:
        is_new = request.id not in self._draft.earlier
        answer = self._answer(request)
        if is_new and answer.result is not Result.POSTED:
            self._refuse(answer)
        return answer

    def _answer_chain(self, chain: Sequence[TransferRequest]) -> list[Answer]:
        """All of it is posted, now or before, or nothing of it now."""
        self._draft.begin_chain()
        answers: list[Answer] = []
        for place, request in enumerate(chain):
            answer = self._answer(request)
            if answer.result not in DONE:
                self._draft.end_chain(holds=False)
                self._spend(request, answer.result)
                return self._fail_chain(chain, place, answer.result)
            answers.append(answer)
        self._draft.end_chain(holds=True)
        return answers

    def _fail_chain(
        self, chain: Sequence[TransferRequest], failed_place: int, result: Result
    ) -> list[Answer]:
        """What was answered before keeps its answer; the ids of the others are burnt."""
        answers: list[Answer] = []
        for place, request in enumerate(chain):
            before = self._draft.earlier.get(request.id)
            if before is not None:
                answers.append(_repeat(request, before))
                continue
            reason = result if place == failed_place else Result.LINKED_TRANSFER_FAILED
            answers.append(Answer(request.id, reason))
            self._refuse(answers[-1])
        return answers

    def _refuse(self, answer: Answer) -> None:
        self._draft.earlier[answer.id] = RefusedBefore(answer.result)
        self._refusals.append(answer)

    def _answer(self, request: TransferRequest) -> Answer:
        """Posts it where nothing is against it; burns nothing."""
        draft = self._draft
        before = draft.earlier.get(request.id)
        if before is not None:
            return _repeat(request, before)
        debit = self._accounts.get(request.debit_account)
        if debit is None:
            return Answer(request.id, Result.DEBIT_ACCOUNT_NOT_FOUND)
        credit = self._accounts.get(request.credit_account)
        if credit is None:
            return Answer(request.id, Result.CREDIT_ACCOUNT_NOT_FOUND)
        amount_minor = self._amount(request, debit, credit)
        result = self._refusal(request, debit, credit, amount_minor) or Result.POSTED
        self._spend(request, result)
        if result is not Result.POSTED:
            return Answer(request.id, result)
        draft.move(self._authorities.principal.id, request, debit, credit, amount_minor)
        self._charge(request, credit, amount_minor)
        posted = PostedBefore(
            request.debit_account,
            request.credit_account,
            amount_minor,
            request.code,
            request.flags,
            request.particulars,
        )
        draft.put(draft.earlier, request.id, posted)
        return Answer(request.id, result, moved_minor=amount_minor)

    def _charge(self, request: TransferRequest, payee: Account, amount_minor: int) -> None:
        """The charter's fee of what was received: the next row, in whatever chain the payment is."""
        books = self._draft.books
        if books.treasury_id is None:
            return
        fee_minor = books.fees.fee_minor(CODES[request.code], payee.kind, amount_minor)
        if not fee_minor:
            return
        fee = fee_request(self._authorities.principal.id, request, books.treasury_id, fee_minor)
        self._draft.move(LEDGER.id, fee, payee, self._accounts[books.treasury_id], fee_minor)

    def _spend(self, request: TransferRequest, result: Result) -> None:
        if isinstance(request.act, SignedDebit) and result in SPENDING_RESULTS:
            key = (request.act.device_key_id, request.act.nonce)
            self._draft.put(self._draft.spent_acts, key, request.id)

    def _amount(self, request: TransferRequest, debit: Account, credit: Account) -> int:
        """What there is to move: of a balancing transfer as much as fits, which may be nothing."""
        draft, amount_minor = self._draft, request.amount_minor
        if request.flags is NO_FLAG:
            return amount_minor
        if Flag.BALANCING_DEBIT in request.flags:
            hold = draft.hold(request)
            there = draft.available(debit) if hold is None else hold.amount_minor
            amount_minor = min(amount_minor, there)
        if Flag.BALANCING_CREDIT in request.flags:
            amount_minor = min(amount_minor, BALANCE_LIMIT_MINOR - draft.balance(credit))
        return amount_minor

    def _refusal(  # noqa: PLR0911 - one return for each result, in their order
        self, request: TransferRequest, debit: Account, credit: Account, amount_minor: int
    ) -> Result | None:
        """The first reason against the transfer, in the order of the result codes. `amount_minor`: what it
        would move."""
        fault = self._account_fault(request, debit, credit)
        if fault is not None:
            return fault
        draft, code = self._draft, CODES.get(request.code)
        if request.amount_minor <= 0:
            return Result.AMOUNT_ZERO
        principal = self._authorities.principal
        right = None if code is None else find_right(code, principal.kind, debit.kind, credit.kind)
        if code is None or right is None:
            return Result.CODE_NOT_PERMITTED
        fault = self._authorities.fault(right, request, debit, credit, amount_minor)
        if fault is not None:
            return fault
        is_closing = request.flags is not NO_FLAG and Flag.CLOSING_DEBIT in request.flags
        if is_closing and right.authority not in OPENERS_AUTHORITIES:
            return Result.CLOSING_NOT_PERMITTED
        if code in STATE_AFTER:
            if code is not Code.HOLD:
                return None  # the amount is reserved
            if draft.holds_counts.get(debit.id, 0) >= self._holds_per_account_max:
                return Result.HOLDS_EXCEEDED
        return self._balance_fault(debit, credit, amount_minor, is_closing=is_closing)

    def _account_fault(self, request: TransferRequest, debit: Account, credit: Account) -> Result | None:
        """What is against the accounts themselves."""
        draft = self._draft
        if draft.is_closed(debit):
            return Result.DEBIT_ACCOUNT_CLOSED
        if draft.is_closed(credit) or credit.is_shut:
            return Result.CREDIT_ACCOUNT_CLOSED
        if CODES.get(request.code) in STOPPED_BY_A_FREEZE and debit.is_frozen_at(draft.books.moment):
            return Result.DEBIT_ACCOUNT_FROZEN
        if debit.id == credit.id:
            return Result.ACCOUNTS_THE_SAME
        return None if debit.asset == credit.asset == request.asset else Result.ASSETS_DIFFER

    def _balance_fault(
        self, debit: Account, credit: Account, amount_minor: int, *, is_closing: bool
    ) -> Result | None:
        """What is against the amount."""
        draft = self._draft
        if draft.balance(credit) + max(amount_minor, 1) > BALANCE_LIMIT_MINOR:
            return Result.OVERFLOW
        if amount_minor <= 0:
            return Result.INSUFFICIENT_FUNDS
        if amount_minor > draft.available(debit):
            return Result.OVERFLOW if debit.may_be_negative else Result.INSUFFICIENT_FUNDS
        return Result.ACCOUNT_NOT_EMPTY if is_closing and amount_minor != draft.balance(debit) else None


def _repeat(request: TransferRequest, before: PostedBefore | RefusedBefore) -> Answer:
    if isinstance(before, PostedBefore):
        return Answer(request.id, _compare(request, before), moved_minor=before.amount_minor)
    return _repeat_of_refusal(request.id, before)


def _compare(request: TransferRequest, before: PostedBefore) -> Result:
    is_same = request.amount_minor == before.amount_minor
    if request.flags & BALANCING:  # what it moved is what there was of the amount
        is_same = request.amount_minor >= before.amount_minor
    if not is_same:
        return Result.EXISTS_WITH_DIFFERENT_AMOUNT
    if (request.debit_account, request.credit_account) != (before.debit_account, before.credit_account):
        return Result.EXISTS_WITH_DIFFERENT_ACCOUNTS
    if request.code != before.code:
        return Result.EXISTS_WITH_DIFFERENT_CODE
    if request.flags != before.flags:
        return Result.EXISTS_WITH_DIFFERENT_FLAGS
    if request.particulars != before.particulars:
        return Result.EXISTS_WITH_DIFFERENT_PARTICULARS
    return Result.EXISTS


def _repeat_of_refusal(transfer_id: UUID, before: RefusedBefore) -> Answer:
    if before.result is Result.CANCELLED:
        return Answer(transfer_id, Result.CANCELLED)
    return Answer(transfer_id, Result.ID_ALREADY_FAILED, before.result)
