"""The posting rules: a batch against the books, one answer for each transfer, in order."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from services.ledger.domain.accounts import Account
from services.ledger.domain.books import Books, Draft
from services.ledger.domain.results import Result
from services.ledger.domain.rights import CODES, RIGHTS, Authority, Principal, Right, find_right
from services.ledger.domain.transfers import (
    BALANCING,
    Answer,
    Flag,
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


DONE = frozenset({Result.POSTED, Result.EXISTS})
"""Answers with which a chain goes on: the transfer is posted, now or before."""


@dataclass(frozen=True, slots=True)
class BalanceAfter:
    """An account as the batch leaves it."""

    account: Account
    balance_minor: int
    last_sequence: int


@dataclass(frozen=True, slots=True)
class Part:
    """A principal's batch, one of those that are posted together; `earlier`: what its ids were answered."""

    principal: Principal
    batch: Sequence[TransferRequest]
    earlier: Mapping[UUID, PostedBefore | RefusedBefore]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a part: an answer for each transfer, in order; ids that a refusal burns; rows to write."""

    principal: Principal
    answers: tuple[Answer, ...]
    refusals: tuple[Answer, ...]
    postings: tuple[Posting, ...]


@dataclass(frozen=True, slots=True)
class Posted:
    """What came of all parts, in order: `balances` and `contributions` hold only what changed."""

    outcomes: tuple[Outcome, ...]
    balances: tuple[BalanceAfter, ...]
    contributions: Mapping[tuple[UUID, UUID], int]
    spent_acts: Mapping[tuple[str, str], UUID]
    """The transfer that each act was answered for, by (device key, nonce)."""

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
        self._principal: Principal
        self._accounts = books.accounts
        self._draft = Draft(books)
        self._earlier: dict[UUID, dict[UUID, PostedBefore | RefusedBefore]] = {}
        self._refusals: list[Answer] = []

    def post(self, parts: Sequence[Part]) -> Posted:
        outcomes = tuple(self._post_part(part) for part in parts)
        draft = self._draft
        return Posted(
            outcomes,
            balances=tuple(
                BalanceAfter(self._accounts[account_id], balance, draft.last[account_id])
                for account_id, balance in draft.balances.items()
            ),
            contributions=draft.moved,
            spent_acts=draft.spent_acts,
        )

    def _post_part(self, part: Part) -> Outcome:
        draft = self._draft
        self._principal = part.principal
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
            if Flag.LINKED in request.flags:
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
        self._move(request, debit, credit, amount_minor)
        posted = PostedBefore(
            request.debit_account, request.credit_account, amount_minor, request.code, request.flags
        )
        draft.put(draft.earlier, request.id, posted)
        return Answer(request.id, result, moved_minor=amount_minor)

    def _spend(self, request: TransferRequest, result: Result) -> None:
        if isinstance(request.act, SignedDebit) and result in SPENDING_RESULTS:
            key = (request.act.device_key_id, request.act.nonce)
            self._draft.put(self._draft.spent_acts, key, request.id)

    def _amount(self, request: TransferRequest, debit: Account, credit: Account) -> int:
        """What there is to move: of a balancing transfer as much as fits, which may be nothing."""
        amount_minor = request.amount_minor
        if Flag.BALANCING_DEBIT in request.flags:
            least = -BALANCE_LIMIT_MINOR if debit.may_be_negative else 0
            amount_minor = min(amount_minor, self._balance(debit) - least)
        if Flag.BALANCING_CREDIT in request.flags:
            amount_minor = min(amount_minor, BALANCE_LIMIT_MINOR - self._balance(credit))
        return amount_minor

    def _refusal(  # noqa: PLR0911 - one return for each result, in their order
        self, request: TransferRequest, debit: Account, credit: Account, amount_minor: int
    ) -> Result | None:
        """The first reason against the transfer, in the order of the result codes. `amount_minor`: what it
        would move."""
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
        if self._balance(credit) + max(amount_minor, 1) > BALANCE_LIMIT_MINOR:
            return Result.OVERFLOW
        if amount_minor <= 0:
            return Result.INSUFFICIENT_FUNDS
        debit_after = self._balance(debit) - amount_minor
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
        is_used = act.is_used or (act.device_key_id, act.nonce) in self._draft.spent_acts
        return Result.ACT_ALREADY_USED if is_used else None

    def _refused_by_escrow(
        self, authority: Authority, request: TransferRequest, debit: Account, credit: Account
    ) -> Result | None:
        if authority is Authority.PAYEE:
            return None if credit.id in debit.payees else Result.PAYEE_NOT_PERMITTED
        if authority is Authority.EXIT:
            return None if credit.id == debit.exit_to else Result.PAYEE_NOT_PERMITTED
        if not debit.returns_to_contributors or (debit.id, credit.id) not in self._draft.contributions:
            return Result.PAYEE_NOT_PERMITTED
        if self._draft.contributions[debit.id, credit.id] < request.amount_minor:
            return Result.CONTRIBUTION_EXCEEDED
        return None

    def _balance(self, account: Account) -> int:
        return self._draft.balances.get(account.id, account.balance_minor)

    def _move(self, request: TransferRequest, debit: Account, credit: Account, amount_minor: int) -> None:
        draft = self._draft
        sequence = draft.next_sequence
        draft.post(
            Posting(
                sequence=sequence,
                request=request,
                amount_minor=amount_minor,
                debit_number=debit.number,
                credit_number=credit.number,
                debit_previous=draft.last.get(debit.id, debit.last_sequence),
                credit_previous=draft.last.get(credit.id, credit.last_sequence),
            )
        )
        draft.put(draft.balances, debit.id, self._balance(debit) - amount_minor)
        draft.put(draft.balances, credit.id, self._balance(credit) + amount_minor)
        draft.put(draft.last, debit.id, sequence)
        draft.put(draft.last, credit.id, sequence)
        if credit.returns_to_contributors:
            self._contribute(credit.id, debit.id, amount_minor)
        elif RIGHTS[CODES[request.code]][0].authority is Authority.CONTRIBUTOR:
            self._contribute(debit.id, credit.id, -amount_minor)

    def _contribute(self, escrow_id: UUID, contributor_id: UUID, amount_minor: int) -> None:
        draft = self._draft
        after = draft.contributions.get((escrow_id, contributor_id), 0) + amount_minor
        draft.put(draft.contributions, (escrow_id, contributor_id), after)
        draft.put(draft.moved, (escrow_id, contributor_id), after)


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
    return Result.EXISTS


def _repeat_of_refusal(transfer_id: UUID, before: RefusedBefore) -> Answer:
    if before.result is Result.CANCELLED:
        return Answer(transfer_id, Result.CANCELLED)
    return Answer(transfer_id, Result.ID_ALREADY_FAILED, before.result)
