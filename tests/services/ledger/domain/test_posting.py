"""One row for each result code, their precedence, and what a batch does to the books."""

from dataclasses import replace

import pytest

from services.ledger.domain.accounts import Account
from services.ledger.domain.books import Books
from services.ledger.domain.pending import Pending
from services.ledger.domain.posting import cancel_ids
from services.ledger.domain.results import PRECEDENCE, Result
from services.ledger.domain.rights import Principal, member_principal
from services.ledger.domain.transfers import (
    Flag,
    InvalidAct,
    Particulars,
    PostedBefore,
    RefusedBefore,
    TransferRequest,
)
from tests.services.ledger.domain.ledger_nouns import (
    ACCOUNTS,
    AGREEMENT,
    BY_PAYER,
    CLOSED,
    CONTRIBUTIONS,
    FROZEN,
    FULL,
    FUNDING,
    HOLDS,
    HOLDS_MAX,
    ISSUANCE,
    LEDGER,
    MANDATES,
    MARKET,
    NOW,
    OTHER,
    PAYEE,
    PROJECT,
    PURSE,
    SILVER,
    TREASURY,
    named,
    post_batch,
    request,
    signed_debit,
)

NOWHERE = replace(PURSE, id=named("nowhere"))
PAY = request(PURSE, OTHER, 10, "pay")
BEFORE = PostedBefore(PURSE.id, OTHER.id, 10, "pay")
FUND = request(PURSE, AGREEMENT, 10, "escrow_fund")
FULL_HOLD = request(PURSE, FULL, 5_000, "hold", particulars=Particulars(timeout_seconds=60))
IN_A_CHAIN = request(NOWHERE, NOWHERE, 0, "pay", name="in a chain", flags=Flag.LINKED)
PLEDGE = request(PURSE, PROJECT, 10, "pledge")


BY_PAYEE = member_principal(PAYEE)
RESERVING = replace(PURSE, pending=Pending(reserved_minor=200))
BOOKS = Books({**ACCOUNTS, PURSE.id: RESERVING}, CONTRIBUTIONS, 100, NOW, HOLDS, MANDATES, {PURSE.id: 2})
FULL_OF_HOLDS = replace(BOOKS, holds_counts={PURSE.id: HOLDS_MAX})
HOLD = request(PURSE, OTHER, 10, "hold", particulars=Particulars(timeout_seconds=60))


def ending(code: str, hold: str, amount_minor: int = 100, credit: Account = OTHER) -> TransferRequest:
    return request(PURSE, credit, amount_minor, code, particulars=Particulars(pending_id=named(hold)))


def by_mandate(name: str, amount_minor: int) -> TransferRequest:
    return request(PURSE, OTHER, amount_minor, "mandate_pay", particulars=Particulars(mandate_id=named(name)))


def with_act(transfer: TransferRequest, **changes: object) -> TransferRequest:
    fitting = signed_debit("agreements/one", 10)
    return replace(transfer, act=replace(fitting, **changes))  # pyright: ignore[reportArgumentType]


def answer(
    transfer: TransferRequest,
    principal: Principal = BY_PAYER,
    before: PostedBefore | RefusedBefore | None = None,
) -> Result:
    earlier = {} if before is None else {transfer.id: before}
    books = BOOKS
    # Behind one whose own fault fails the chain before it is looked at.
    chain = [request(PURSE, PURSE, 1, "pay", name="first", flags=Flag.LINKED), transfer, PAY]
    batch = chain if transfer is IN_A_CHAIN else [transfer]
    if transfer is FULL_HOLD:
        books = FULL_OF_HOLDS
    posted = post_batch(batch, principal, books, earlier)
    return next(one.result for one in posted.answers if one.id == transfer.id)


# Each row also suffers from at least one fault of a lower rank wherever that is possible.
TABLE: list[tuple[Result, TransferRequest, Principal, PostedBefore | RefusedBefore | None]] = [
    (Result.EXISTS, PAY, BY_PAYER, BEFORE),
    (
        Result.EXISTS_WITH_DIFFERENT_AMOUNT,
        request(OTHER, PURSE, 11, "escrow_pay"),
        BY_PAYER,
        BEFORE,
    ),
    (Result.EXISTS_WITH_DIFFERENT_ACCOUNTS, request(OTHER, PURSE, 10, "escrow_pay"), BY_PAYER, BEFORE),
    (Result.EXISTS_WITH_DIFFERENT_CODE, request(PURSE, OTHER, 10, "escrow_pay"), BY_PAYER, BEFORE),
    (
        Result.EXISTS_WITH_DIFFERENT_FLAGS,
        replace(PAY, flags=Flag.BALANCING_DEBIT),
        BY_PAYER,
        BEFORE,
    ),
    (
        Result.EXISTS_WITH_DIFFERENT_PARTICULARS,
        replace(PAY, particulars=Particulars(timeout_seconds=1)),
        BY_PAYER,
        BEFORE,
    ),
    (Result.ID_ALREADY_FAILED, PAY, BY_PAYER, RefusedBefore(Result.INSUFFICIENT_FUNDS)),
    (Result.CANCELLED, PAY, BY_PAYER, RefusedBefore(Result.CANCELLED)),
    (Result.LINKED_CHAIN_OPEN, request(NOWHERE, NOWHERE, 0, "pay", flags=Flag.LINKED), BY_PAYER, None),
    (Result.LINKED_TRANSFER_FAILED, IN_A_CHAIN, BY_PAYER, None),
    (Result.DEBIT_ACCOUNT_NOT_FOUND, request(NOWHERE, NOWHERE, 0, "pay"), BY_PAYER, None),
    (Result.CREDIT_ACCOUNT_NOT_FOUND, request(PURSE, NOWHERE, 0, "pay"), BY_PAYER, None),
    (Result.DEBIT_ACCOUNT_CLOSED, request(CLOSED, CLOSED, 0, "escrow_pay"), MARKET, None),
    (Result.CREDIT_ACCOUNT_CLOSED, request(FROZEN, CLOSED, 0, "escrow_fund"), MARKET, None),
    (Result.DEBIT_ACCOUNT_FROZEN, request(FROZEN, FROZEN, 0, "pay"), BY_PAYER, None),
    (Result.ACCOUNTS_THE_SAME, request(PURSE, PURSE, 0, "pay", asset="SLV"), BY_PAYER, None),
    (Result.ASSETS_DIFFER, request(PURSE, SILVER, 0, "nothing"), BY_PAYER, None),
    (Result.AMOUNT_ZERO, request(PURSE, OTHER, 0, "nothing"), BY_PAYER, None),
    (Result.CODE_NOT_PERMITTED, request(PURSE, OTHER, 5_000, "escrow_pay"), BY_PAYER, None),
    (
        Result.PARTICULARS_DO_NOT_FIT,
        request(OTHER, PURSE, 5_000, "pay", particulars=Particulars(pending_id=named("pending"))),
        BY_PAYER,
        None,
    ),
    (Result.DEBIT_NOT_PERMITTED, request(OTHER, PURSE, 5_000, "pay"), BY_PAYER, None),
    (Result.CREDIT_NOT_PERMITTED, request(PURSE, PROJECT, 5_000, "escrow_fund"), MARKET, None),
    (
        Result.TIMEOUT_INVALID,
        replace(HOLD, amount_minor=5_000, particulars=Particulars(timeout_seconds=604_801)),
        BY_PAYER,
        None,
    ),
    (Result.PENDING_NOT_FOUND, ending("hold_post", "nothing", 101), BY_PAYEE, None),
    (Result.PENDING_ALREADY_POSTED, ending("hold_post", "posted", 101), BY_PAYEE, None),
    (Result.PENDING_ALREADY_VOIDED, ending("hold_post", "voided", 101), BY_PAYEE, None),
    (Result.PENDING_EXPIRED, ending("hold_post", "overdue", 101), BY_PAYEE, None),
    (Result.AMOUNT_ABOVE_PENDING, ending("hold_void", "pending", 101), BY_PAYEE, None),
    (Result.AMOUNT_BELOW_PENDING, ending("hold_void", "pending", 99), BY_PAYEE, None),
    (Result.MANDATE_MISSING, by_mandate("revoked", 5_000), BY_PAYEE, None),
    (Result.MANDATE_EXPIRED, by_mandate("ended", 5_000), BY_PAYEE, None),
    (Result.MANDATE_EXCEEDED, by_mandate("mandate", 201), BY_PAYEE, None),
    (Result.ACT_MISSING, replace(FUND, amount_minor=5_000), MARKET, None),
    (Result.ACT_INVALID, replace(FUND, amount_minor=5_000, act=InvalidAct("forged")), MARKET, None),
    (Result.ACT_DOES_NOT_FIT, with_act(replace(FUND, amount_minor=5_000)), MARKET, None),
    (
        Result.ACT_ALREADY_USED,
        with_act(replace(FUND, amount_minor=5_000), amount_minor=5_000, is_used=True),
        MARKET,
        None,
    ),
    (Result.PAYEE_NOT_PERMITTED, request(AGREEMENT, PURSE, 5_000, "escrow_pay"), MARKET, None),
    (Result.CONTRIBUTION_EXCEEDED, request(PROJECT, PURSE, 5_000, "pledge_refund"), FUNDING, None),
    (Result.CLOSING_NOT_PERMITTED, replace(FULL_HOLD, flags=Flag.CLOSING_DEBIT), BY_PAYER, None),
    (Result.HOLDS_EXCEEDED, FULL_HOLD, BY_PAYER, None),
    (Result.OVERFLOW, request(PURSE, FULL, 5_000, "pay"), BY_PAYER, None),
    (Result.INSUFFICIENT_FUNDS, request(PURSE, OTHER, 801, "pay"), BY_PAYER, None),
    (
        Result.ACCOUNT_NOT_EMPTY,
        request(AGREEMENT, OTHER, 399, "escrow_pay", flags=Flag.CLOSING_DEBIT),
        MARKET,
        None,
    ),
    (Result.POSTED, request(PURSE, OTHER, 800, "pay"), BY_PAYER, None),
]


@pytest.mark.parametrize(("result", "transfer", "principal", "before"), TABLE, ids=lambda row: str(row)[:40])
def test_each_result_has_its_row(
    result: Result,
    transfer: TransferRequest,
    principal: Principal,
    before: PostedBefore | RefusedBefore | None,
) -> None:
    assert answer(transfer, principal, before) is result


def test_the_table_has_every_result_in_the_order_of_precedence() -> None:
    assert tuple(row[0] for row in TABLE) == PRECEDENCE


def test_an_act_fits_by_owner_asset_amount_and_destination_alone() -> None:
    assert answer(with_act(FUND), MARKET) is Result.POSTED
    assert answer(with_act(FUND, to=str(AGREEMENT.id)), MARKET) is Result.POSTED
    misfits: list[dict[str, object]] = [
        {"member_id": PAYEE},
        {"asset": "SLV"},
        {"amount_minor": 9},
        {"amount_minor": 11},
        {"to": "agreements/two"},
        {"to": str(PURSE.id)},
    ]
    for misfit in misfits:
        assert answer(with_act(FUND, **misfit), MARKET) is Result.ACT_DOES_NOT_FIT


def test_one_act_pays_one_transfer_even_inside_a_batch() -> None:
    twice = [with_act(FUND), with_act(replace(FUND, id=named("again")))]
    posted = post_batch(twice, MARKET, Books(ACCOUNTS))
    assert [answer.result for answer in posted.answers] == [Result.POSTED, Result.ACT_ALREADY_USED]
    assert posted.spent_acts == {("device", "nonce"): FUND.id}


def test_a_refusal_for_funds_spends_the_act_too() -> None:
    poor = {**ACCOUNTS, PURSE.id: replace(PURSE, balance_minor=9)}
    posted = post_batch([with_act(FUND)], MARKET, Books(poor))
    assert posted.answers[0].result is Result.INSUFFICIENT_FUNDS
    assert posted.spent_acts == {("device", "nonce"): FUND.id}


def test_an_act_that_does_not_fit_is_not_spent() -> None:
    assert post_batch([with_act(FUND, amount_minor=9)], MARKET, Books(ACCOUNTS)).spent_acts == {}


def test_an_escrow_pays_its_payees_and_refunds_its_beneficiary_alone() -> None:
    assert answer(request(AGREEMENT, OTHER, 400, "escrow_pay"), MARKET) is Result.POSTED
    assert answer(request(AGREEMENT, PURSE, 400, "escrow_refund"), MARKET) is Result.POSTED
    assert answer(request(AGREEMENT, OTHER, 400, "escrow_refund"), MARKET) is Result.PAYEE_NOT_PERMITTED
    assert answer(request(AGREEMENT, FULL, 400, "escrow_pay"), MARKET) is Result.PAYEE_NOT_PERMITTED
    assert answer(request(PROJECT, TREASURY, 400, "project_payout"), FUNDING) is Result.POSTED
    assert answer(request(PROJECT, PURSE, 400, "project_payout"), FUNDING) is Result.PAYEE_NOT_PERMITTED


def test_a_service_cannot_empty_an_escrow_that_another_one_opened() -> None:
    foreign = replace(PROJECT, opened_by=MARKET.id)
    books = Books({**ACCOUNTS, PROJECT.id: foreign}, CONTRIBUTIONS)
    posted = post_batch([request(PROJECT, PURSE, 1, "pledge_refund")], FUNDING, books)
    assert posted.answers[0].result is Result.DEBIT_NOT_PERMITTED


def test_a_refund_gives_back_what_was_put_in_and_not_a_unit_more() -> None:
    refunds = [
        request(PROJECT, PURSE, 200, "pledge_refund", name="first"),
        request(PROJECT, PURSE, 101, "pledge_refund", name="second"),
        request(PROJECT, PURSE, 100, "pledge_refund", name="third"),
        request(PROJECT, FULL, 1, "pledge_refund", name="stranger"),
    ]
    posted = post_batch(refunds, FUNDING, Books(ACCOUNTS, CONTRIBUTIONS))
    assert [answer.result for answer in posted.answers] == [
        Result.POSTED,
        Result.CONTRIBUTION_EXCEEDED,
        Result.POSTED,
        Result.PAYEE_NOT_PERMITTED,
    ]
    assert posted.contributions == {(PROJECT.id, PURSE.id): 0}


def test_a_pledge_counts_as_contribution_at_once() -> None:
    act = signed_debit("projects/one", 10)
    batch = [replace(PLEDGE, act=act), request(PROJECT, PURSE, 310, "pledge_refund", name="back")]
    posted = post_batch(batch, FUNDING, Books(ACCOUNTS, CONTRIBUTIONS))
    assert [answer.result for answer in posted.answers] == [Result.POSTED, Result.POSTED]
    assert posted.contributions == {(PROJECT.id, PURSE.id): 0}


def test_a_payout_to_a_contributor_leaves_their_contribution_alone() -> None:
    posted = post_batch(
        [request(PROJECT, OTHER, 700, "project_payout")], FUNDING, Books(ACCOUNTS, CONTRIBUTIONS)
    )
    assert posted.answers[0].result is Result.POSTED
    assert posted.contributions == {}


def test_an_id_twice_in_a_batch_is_one_transfer() -> None:
    other_amount = request(PURSE, OTHER, 11, "pay")
    posted = post_batch([PAY, PAY, other_amount], BY_PAYER, Books(ACCOUNTS))
    assert [answer.result for answer in posted.answers] == [
        Result.POSTED,
        Result.EXISTS,
        Result.EXISTS_WITH_DIFFERENT_AMOUNT,
    ]
    assert len(posted.postings) == 1


def test_a_refused_id_is_burnt_and_tells_why() -> None:
    too_much = request(PURSE, OTHER, 5_000, "pay")
    posted = post_batch([too_much, too_much], BY_PAYER, Books(ACCOUNTS))
    assert [(a.result, a.first_result) for a in posted.answers] == [
        (Result.INSUFFICIENT_FUNDS, None),
        (Result.ID_ALREADY_FAILED, Result.INSUFFICIENT_FUNDS),
    ]
    assert [refusal.id for refusal in posted.refusals] == [too_much.id]


def test_later_transfers_see_what_earlier_ones_left() -> None:
    batch = [
        request(PURSE, OTHER, 600, "pay", name="a"),
        request(PURSE, OTHER, 600, "pay", name="b"),
        request(PURSE, OTHER, 400, "pay", name="c"),
    ]
    posted = post_batch(batch, BY_PAYER, Books(ACCOUNTS, last_sequence=100))
    assert [answer.result.value for answer in posted.answers] == ["posted", "insufficient_funds", "posted"]
    assert [(row.sequence, row.debit_previous, row.credit_previous) for row in posted.postings] == [
        (101, 0, 0),
        (102, 101, 101),
    ]
    assert {b.account.id: (b.balance_minor, b.last_sequence) for b in posted.balances} == {
        PURSE.id: (0, 102),
        OTHER.id: (2_000, 102),
    }


def test_only_the_issuance_account_goes_below_zero() -> None:
    issue = request(ISSUANCE, TREASURY, 2**40, "genesis")
    assert answer(issue, LEDGER) is Result.POSTED
    assert answer(request(ISSUANCE, FULL, 2**62, "genesis"), LEDGER) is Result.OVERFLOW
    assert answer(request(ISSUANCE, TREASURY, 2**62 - 500_000, "genesis"), LEDGER) is Result.OVERFLOW


def test_a_cancellation_burns_a_free_id_and_leaves_an_answered_one() -> None:
    posted, refused, gone, free = (named(name) for name in ("posted", "refused", "gone", "free"))
    earlier = {
        posted: BEFORE,
        refused: RefusedBefore(Result.OVERFLOW),
        gone: RefusedBefore(Result.CANCELLED),
    }
    answers = cancel_ids([posted, refused, gone, free], earlier)
    assert [(a.result, a.first_result) for a in answers] == [
        (Result.EXISTS, None),
        (Result.ID_ALREADY_FAILED, Result.OVERFLOW),
        (Result.CANCELLED, None),
        (Result.CANCELLED, None),
    ]
