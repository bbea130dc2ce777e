"""The posting rules: a batch against the books, one answer for each transfer, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.results import Result
from services.ledger.domain.rights import CODES, RIGHTS, Authority, Principal, Right, find_right
from services.ledger.domain.transfers import (
    Answer,
    InvalidAct,
    PostedBefore,
    Posting,
    RefusedBefore,
    SignedDebit,
    TransferRequest,
)

BALANCE_LIMIT_MINOR = 2**62
"""No supply is larger, so no balance is."""

SPENDING_RESULTS = frozenset({Result.POSTED, Result.OVERFLOW, Result.INSUFFICIENT_FUNDS})
"""Answers that spend a fitting act: what its author signed was answered, once."""


@dataclass(frozen=True, slots=True)
class Books:
    """What the rules look at: the accounts that the batch names, its ids' earlier answers, and what
    contributors have in escrows (by escrow id and contributor's account id)."""

    accounts: Mapping[UUID, Account]
    earlier: Mapping[UUID, PostedBefore | RefusedBefore] = field(default_factory=dict[UUID, PostedBefore])
    contributions: Mapping[tuple[UUID, UUID], int] = field(default_factory=dict[tuple[UUID, UUID], int])
    last_sequence: int = 0


@dataclass(frozen=True, slots=True)
class BalanceAfter:
    """An account as the batch leaves it."""

    account: Account
    balance_minor: int
    last_sequence: int


@dataclass(frozen=True, slots=True)
class Posted:
    """The outcome of a batch: `balances` and `contributions` hold only what changed."""

    answers: tuple[Answer, ...]
    postings: tuple[Posting, ...]
    refusals: tuple[Answer, ...]
    balances: tuple[BalanceAfter, ...]
    contributions: Mapping[tuple[UUID, UUID], int]
    spent_acts: Mapping[tuple[str, str], UUID]
    """The transfer that each act was answered for, by (device key, nonce)."""


def post_batch(batch: Sequence[TransferRequest], principal: Principal, books: Books) -> Posted:
    """Apply the rules to each transfer in order; a later one sees what the earlier ones left."""
    return _Batch(principal, books).post(batch)


def cancel_ids(ids: Sequence[UUID], books: Books) -> tuple[Answer, ...]:
    """The answers to a cancellation: CANCELLED burns a free id, what was answered before stays so."""
    answers: list[Answer] = []
    for transfer_id in ids:
        before = books.earlier.get(transfer_id)
        if before is None:
            answers.append(Answer(transfer_id, Result.CANCELLED))
        elif isinstance(before, PostedBefore):
            answers.append(Answer(transfer_id, Result.EXISTS))
        else:
            answers.append(_repeat_of_refusal(transfer_id, before))
    return tuple(answers)


class _Batch:
    """The books while one batch runs through them."""

    def __init__(self, principal: Principal, books: Books) -> None:
        self._principal = principal
        self._accounts = books.accounts
        self._earlier = dict(books.earlier)
        self._contributions = dict(books.contributions)
        self._sequence = books.last_sequence
        self._balances: dict[UUID, int] = {}
        self._last: dict[UUID, int] = {}
        self._moved: dict[tuple[UUID, UUID], int] = {}
        self._spent_acts: dict[tuple[str, str], UUID] = {}
        self._postings: list[Posting] = []

    def post(self, batch: Sequence[TransferRequest]) -> Posted:
        answers: list[Answer] = []
        refusals: list[Answer] = []
        for request in batch:
            answer = self._answer(request)
            answers.append(answer)
            if request.id in self._earlier:
                continue
            if answer.result is Result.POSTED:
                self._earlier[request.id] = PostedBefore(
                    request.debit_account, request.credit_account, request.amount_minor, request.code
                )
            else:
                self._earlier[request.id] = RefusedBefore(answer.result)
                refusals.append(answer)
        return Posted(
            answers=tuple(answers),
            postings=tuple(self._postings),
            refusals=tuple(refusals),
            balances=tuple(
                BalanceAfter(self._accounts[account_id], balance, self._last[account_id])
                for account_id, balance in self._balances.items()
            ),
            contributions=self._moved,
            spent_acts=self._spent_acts,
        )

    def _answer(self, request: TransferRequest) -> Answer:
        before = self._earlier.get(request.id)
        if isinstance(before, PostedBefore):
            return Answer(request.id, _compare(request, before))
        if before is not None:
            return _repeat_of_refusal(request.id, before)
        debit = self._accounts.get(request.debit_account)
        if debit is None:
            return Answer(request.id, Result.DEBIT_ACCOUNT_NOT_FOUND)
        credit = self._accounts.get(request.credit_account)
        if credit is None:
            return Answer(request.id, Result.CREDIT_ACCOUNT_NOT_FOUND)
        result = self._refusal(request, debit, credit) or Result.POSTED
        if result is Result.POSTED:
            self._move(request, debit, credit)
        if isinstance(request.act, SignedDebit) and result in SPENDING_RESULTS:
            self._spent_acts[request.act.device_key_id, request.act.nonce] = request.id
        return Answer(request.id, result)

    def _refusal(  # noqa: PLR0911 - one return for each result, in their order
        self, request: TransferRequest, debit: Account, credit: Account
    ) -> Result | None:
        """The first reason against the transfer, in the order of the result codes."""
        if debit.id == credit.id:
            return Result.ACCOUNTS_THE_SAME
        if not debit.asset == credit.asset == request.asset:
            return Result.ASSETS_DIFFER
        if request.amount_minor <= 0:
            return Result.AMOUNT_ZERO
        code = CODES.get(request.code)
        right = None if code is None else find_right(code, self._principal.kind, debit.kind, credit.kind)
        if right is None:
            return Result.CODE_NOT_PERMITTED
        refusal = self._refused_by_right(right, request, debit, credit)
        if refusal is not None:
            return refusal
        if self._balance(credit) + request.amount_minor > BALANCE_LIMIT_MINOR:
            return Result.OVERFLOW
        debit_after = self._balance(debit) - request.amount_minor
        if debit_after < -BALANCE_LIMIT_MINOR:
            return Result.OVERFLOW
        if debit_after < 0 and not debit.may_be_negative:
            return Result.INSUFFICIENT_FUNDS
        return None

    def _refused_by_right(
        self, right: Right, request: TransferRequest, debit: Account, credit: Account
    ) -> Result | None:
        """Who may do this: the row's authority, shown for these very accounts."""
        match right.authority:
            case Authority.CHARTER | Authority.CHAIN:
                return None
            case Authority.OWN_ACT:
                return None if debit.owner_id == self._principal.id else Result.DEBIT_NOT_PERMITTED
            case Authority.FORWARDED_ACT:
                if credit.opened_by != self._principal.id:
                    return Result.CREDIT_NOT_PERMITTED
                return self._refused_by_act(request, debit, credit)
            case Authority.PAYEE | Authority.EXIT | Authority.CONTRIBUTOR:
                if debit.opened_by != self._principal.id:
                    return Result.DEBIT_NOT_PERMITTED
                return self._refused_by_escrow(right.authority, request, debit, credit)

    def _refused_by_act(self, request: TransferRequest, debit: Account, credit: Account) -> Result | None:
        act = request.act
        if act is None:
            return Result.ACT_MISSING
        if isinstance(act, InvalidAct):
            return Result.ACT_INVALID
        fits = (
            act.member_id == debit.owner_id
            and act.asset == request.asset
            and act.amount_minor == request.amount_minor
            and act.to in (str(credit.id), credit.resource)
        )
        if not fits:
            return Result.ACT_DOES_NOT_FIT
        is_used = act.is_used or (act.device_key_id, act.nonce) in self._spent_acts
        return Result.ACT_ALREADY_USED if is_used else None

    def _refused_by_escrow(
        self, authority: Authority, request: TransferRequest, debit: Account, credit: Account
    ) -> Result | None:
        if authority is Authority.PAYEE:
            return None if credit.id in debit.payees else Result.PAYEE_NOT_PERMITTED
        if authority is Authority.EXIT:
            return None if credit.id == debit.exit_to else Result.PAYEE_NOT_PERMITTED
        if not debit.returns_to_contributors or (debit.id, credit.id) not in self._contributions:
            return Result.PAYEE_NOT_PERMITTED
        if self._contributions[debit.id, credit.id] < request.amount_minor:
            return Result.CONTRIBUTION_EXCEEDED
        return None

    def _balance(self, account: Account) -> int:
        return self._balances.get(account.id, account.balance_minor)

    def _move(self, request: TransferRequest, debit: Account, credit: Account) -> None:
        self._sequence += 1
        self._postings.append(
            Posting(
                sequence=self._sequence,
                request=request,
                debit_number=debit.number,
                credit_number=credit.number,
                debit_previous=self._last.get(debit.id, debit.last_sequence),
                credit_previous=self._last.get(credit.id, credit.last_sequence),
            )
        )
        self._balances[debit.id] = self._balance(debit) - request.amount_minor
        self._balances[credit.id] = self._balance(credit) + request.amount_minor
        self._last[debit.id] = self._last[credit.id] = self._sequence
        if credit.returns_to_contributors:
            self._contribute(credit.id, debit.id, request.amount_minor)
        elif RIGHTS[CODES[request.code]][0].authority is Authority.CONTRIBUTOR:
            self._contribute(debit.id, credit.id, -request.amount_minor)

    def _contribute(self, escrow_id: UUID, contributor_id: UUID, amount_minor: int) -> None:
        after = self._contributions.get((escrow_id, contributor_id), 0) + amount_minor
        self._contributions[escrow_id, contributor_id] = after
        self._moved[escrow_id, contributor_id] = after


def _compare(request: TransferRequest, before: PostedBefore) -> Result:
    if request.amount_minor != before.amount_minor:
        return Result.EXISTS_WITH_DIFFERENT_AMOUNT
    if (request.debit_account, request.credit_account) != (before.debit_account, before.credit_account):
        return Result.EXISTS_WITH_DIFFERENT_ACCOUNTS
    if request.code != before.code:
        return Result.EXISTS_WITH_DIFFERENT_CODE
    return Result.EXISTS


def _repeat_of_refusal(transfer_id: UUID, before: RefusedBefore) -> Answer:
    if before.result is Result.CANCELLED:
        return Answer(transfer_id, Result.CANCELLED)
    return Answer(transfer_id, Result.ID_ALREADY_FAILED, before.result)
