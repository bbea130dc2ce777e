"""Linked transfers succeed or fail together; balancing ones move as much as there is."""

from dataclasses import replace

import pytest

from services.ledger.domain.accounts import Account
from services.ledger.domain.books import Books
from services.ledger.domain.posting import BALANCE_LIMIT_MINOR, Posted
from services.ledger.domain.results import Result
from services.ledger.domain.transfers import Flag, PostedBefore, TransferRequest
from tests.services.ledger.domain.ledger_nouns import (
    ACCOUNTS,
    AGREEMENT,
    BY_PAYER,
    CONTRIBUTIONS,
    FULL,
    FUNDING,
    MARKET,
    OTHER,
    PROJECT,
    PURSE,
    TREASURY,
    named,
    post_batch,
    request,
    signed_debit,
)

R = Result


def linked(transfer: TransferRequest) -> TransferRequest:
    return replace(transfer, flags=transfer.flags | Flag.LINKED)


def pay(name: str, amount_minor: int, credit: Account = OTHER, flags: Flag = Flag(0)) -> TransferRequest:
    return replace(request(PURSE, credit, amount_minor, "pay", name=name), flags=flags)


def posted(batch: list[TransferRequest], **before: PostedBefore) -> Posted:
    earlier = {named(name): content for name, content in before.items()}
    return post_batch(batch, BY_PAYER, Books(ACCOUNTS, {}, 100), earlier)


def results(outcome: Posted) -> list[Result]:
    return [answer.result for answer in outcome.answers]


def test_a_chain_is_posted_whole_in_order() -> None:
    outcome = posted([linked(pay("a", 600)), linked(pay("b", 300)), pay("c", 100), pay("d", 1)])
    assert results(outcome) == [R.POSTED, R.POSTED, R.POSTED, R.INSUFFICIENT_FUNDS]
    assert [row.sequence for row in outcome.postings] == [101, 102, 103]


@pytest.mark.parametrize("place", [0, 1, 2])
def test_one_refusal_fails_its_chain_and_no_other_transfer(place: int) -> None:
    chain = [pay(name, 5_000 if number == place else 10) for number, name in enumerate("abc")]
    outcome = posted([pay("before", 1), *map(linked, chain[:-1]), chain[-1], pay("after", 1)])
    expected = [R.LINKED_TRANSFER_FAILED] * 3
    expected[place] = R.INSUFFICIENT_FUNDS
    assert results(outcome) == [R.POSTED, *expected, R.POSTED]
    assert [row.request.id for row in outcome.postings] == [named("before"), named("after")]
    assert [row.sequence for row in outcome.postings] == [101, 102]
    assert {change.account.id: change.balance_minor for change in outcome.balances} == {
        PURSE.id: 998,
        OTHER.id: 1_002,
    }
    again = post_batch(chain[:1], BY_PAYER, Books(ACCOUNTS))
    assert again.answers[0].result is (R.INSUFFICIENT_FUNDS if place == 0 else R.POSTED), "alone it is other"


def test_a_chain_that_the_batch_does_not_end_is_refused() -> None:
    outcome = posted([pay("a", 1), linked(pay("b", 1)), linked(pay("c", 1))])
    assert results(outcome) == [R.POSTED, R.LINKED_TRANSFER_FAILED, R.LINKED_CHAIN_OPEN]
    assert len(outcome.refusals) == 2


def test_a_chain_sent_again_exists_and_a_failed_one_has_failed() -> None:
    chain = [linked(pay("a", 1)), pay("b", 2)]
    assert results(posted([*chain, *chain])) == [R.POSTED, R.POSTED, R.EXISTS, R.EXISTS]
    failed = [linked(pay("a", 1)), pay("b", 5_000)]
    outcome = posted([*failed, *failed])
    assert results(outcome)[2:] == [R.ID_ALREADY_FAILED, R.ID_ALREADY_FAILED]
    assert [answer.first_result for answer in outcome.answers[2:]] == results(outcome)[:2]
    assert len(outcome.refusals) == 2


def test_what_was_posted_before_keeps_its_answer_in_a_chain_that_fails() -> None:
    before = PostedBefore(PURSE.id, OTHER.id, 7, "pay", Flag.LINKED)
    outcome = posted([linked(pay("a", 7)), pay("b", 5_000)], a=before)
    assert results(outcome) == [R.EXISTS, R.INSUFFICIENT_FUNDS]
    assert outcome.answers[0].moved_minor == 7
    other = posted([linked(pay("a", 8)), pay("b", 1)], a=before)
    assert results(other) == [R.EXISTS_WITH_DIFFERENT_AMOUNT, R.LINKED_TRANSFER_FAILED]


def test_a_chain_goes_on_behind_what_was_posted_before() -> None:
    before = PostedBefore(PURSE.id, OTHER.id, 7, "pay", Flag.LINKED)
    assert results(posted([linked(pay("a", 7)), pay("b", 1)], a=before)) == [R.EXISTS, R.POSTED]


def test_an_id_twice_in_a_chain_that_fails_is_burnt_once() -> None:
    outcome = posted([linked(pay("a", 1)), linked(pay("a", 1)), pay("b", 5_000)])
    assert results(outcome) == [R.LINKED_TRANSFER_FAILED, R.ID_ALREADY_FAILED, R.INSUFFICIENT_FUNDS]
    assert [refusal.id for refusal in outcome.refusals] == [named("a"), named("b")]


def test_a_failed_chain_spends_the_act_that_was_answered_alone() -> None:
    def fund(name: str, amount_minor: int, nonce: str) -> TransferRequest:
        act = signed_debit("agreements/one", amount_minor, nonce=nonce)
        return replace(request(PURSE, AGREEMENT, amount_minor, "escrow_fund", name=name), act=act)

    outcome = post_batch(
        [linked(fund("a", 10, "first")), fund("b", 5_000, "second")], MARKET, Books(ACCOUNTS)
    )
    assert results(outcome) == [R.LINKED_TRANSFER_FAILED, R.INSUFFICIENT_FUNDS]
    assert outcome.spent_acts == {("device", "second"): named("b")}


def test_a_failed_chain_leaves_contributions_as_they_were() -> None:
    back = [
        linked(request(PROJECT, PURSE, 300, "pledge_refund", name="a")),
        request(PROJECT, PURSE, 1, "pledge_refund", name="b"),
    ]
    outcome = post_batch(back, FUNDING, Books(ACCOUNTS, CONTRIBUTIONS))
    assert results(outcome) == [R.LINKED_TRANSFER_FAILED, R.CONTRIBUTION_EXCEEDED]
    assert outcome.contributions == {}


@pytest.mark.parametrize(
    ("asked", "flags", "moved"),
    [
        (400, Flag.BALANCING_DEBIT, 400),
        (5_000, Flag.BALANCING_DEBIT, 1_000),
        (5_000, Flag.BALANCING_DEBIT | Flag.BALANCING_CREDIT, 1_000),
        (2**62, Flag.BALANCING_DEBIT, 1_000),
    ],
)
def test_a_balancing_debit_moves_what_there_is(asked: int, flags: Flag, moved: int) -> None:
    outcome = posted([pay("a", asked, flags=flags), pay("b", 1_000 - moved + 1)])
    assert results(outcome) == [R.POSTED, R.INSUFFICIENT_FUNDS]
    assert (outcome.answers[0].moved_minor, outcome.postings[0].amount_minor) == (moved, moved)


def test_where_there_is_nothing_a_balancing_debit_is_refused() -> None:
    outcome = posted([pay("a", 1_000), pay("b", 5, flags=Flag.BALANCING_DEBIT)])
    assert results(outcome) == [R.POSTED, R.INSUFFICIENT_FUNDS]


def test_a_balancing_credit_moves_what_there_is_room_for() -> None:
    nearly = replace(FULL, balance_minor=BALANCE_LIMIT_MINOR - 30)
    books = Books({**ACCOUNTS, FULL.id: nearly})
    batch = [pay(name, 50, FULL, Flag.BALANCING_CREDIT) for name in "ab"]
    outcome = post_batch(batch, BY_PAYER, books)
    assert results(outcome) == [R.POSTED, R.OVERFLOW]
    assert outcome.answers[0].moved_minor == 30


@pytest.mark.parametrize(
    ("amount_minor", "flags", "result"),
    [
        (300, Flag.BALANCING_DEBIT, R.EXISTS),
        (301, Flag.BALANCING_DEBIT, R.EXISTS),
        (299, Flag.BALANCING_DEBIT, R.EXISTS_WITH_DIFFERENT_AMOUNT),
        (300, Flag(0), R.EXISTS_WITH_DIFFERENT_FLAGS),
        (300, Flag.BALANCING_DEBIT | Flag.BALANCING_CREDIT, R.EXISTS_WITH_DIFFERENT_FLAGS),
    ],
)
def test_a_balancing_transfer_sent_again_is_the_same_when_it_asks_for_what_it_moved(
    amount_minor: int, flags: Flag, result: Result
) -> None:
    before = PostedBefore(PURSE.id, TREASURY.id, 300, "pay", Flag.BALANCING_DEBIT)
    assert results(posted([pay("a", amount_minor, TREASURY, flags)], a=before)) == [result]
