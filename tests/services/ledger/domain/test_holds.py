"""What holds and mandates do to the books, inside a batch and from one period to the next."""

from dataclasses import replace
from datetime import timedelta

import pytest

from services.ledger.domain.accounts import Account
from services.ledger.domain.books import Books
from services.ledger.domain.holds import HoldState
from services.ledger.domain.mandates import MandateStanding, MandateUse
from services.ledger.domain.pending import Pending
from services.ledger.domain.posting import Part, Posted, post_parts
from services.ledger.domain.rights import Principal, member_principal
from services.ledger.domain.transfers import Flag, Particulars, TransferRequest
from tests.services.ledger.domain.ledger_nouns import (
    ACCOUNTS,
    BY_PAYER,
    LATER,
    NOW,
    OTHER,
    PAYEE,
    PURSE,
    held,
    mandate,
    named,
    request,
)

BY_PAYEE = member_principal(PAYEE)
BOOKS = Books(ACCOUNTS, moment=NOW)
MONTH = timedelta(days=30)


def hold(name: str, amount_minor: int, seconds: int = 60, flags: Flag = Flag(0)) -> TransferRequest:
    particulars = Particulars(timeout_seconds=seconds)
    return request(PURSE, OTHER, amount_minor, "hold", name=name, flags=flags, particulars=particulars)


def end(code: str, hold_name: str, amount_minor: int, flags: Flag = Flag(0)) -> TransferRequest:
    particulars = Particulars(pending_id=named(hold_name))
    name = f"{code} {hold_name} {amount_minor}"
    return request(PURSE, OTHER, amount_minor, code, name=name, flags=flags, particulars=particulars)


def take(amount_minor: int, name: str = "take") -> TransferRequest:
    particulars = Particulars(mandate_id=named("mandate"))
    return request(PURSE, OTHER, amount_minor, "mandate_pay", name=name, particulars=particulars)


def post(books: Books, *parts: tuple[Principal, list[TransferRequest]]) -> Posted:
    return post_parts([Part(principal, batch, {}, 3) for principal, batch in parts], books)


def told(posted: Posted) -> list[str]:
    return [answer.result.value for answer in posted.answers]


def after(posted: Posted, account: Account) -> tuple[int, int, Pending]:
    (found,) = [one for one in posted.balances if one.account.id == account.id]
    return found.balance_minor, found.last_sequence, found.pending


def test_what_is_reserved_cannot_be_spent() -> None:
    posted = post(BOOKS, (BY_PAYER, [hold("a", 600), request(PURSE, OTHER, 401, "pay"), hold("b", 401)]))
    assert told(posted) == ["posted", "insufficient_funds", "insufficient_funds"]
    assert after(posted, PURSE) == (1_000, 0, Pending(600, 0))
    assert after(posted, OTHER) == (1_000, 0, Pending(0, 600))
    (opened,) = posted.holds.values()
    assert opened.expires_at == NOW + timedelta(seconds=60)
    assert (posted.postings[0].debit_previous, posted.postings[0].credit_previous) == (0, 0)


def test_the_payee_takes_a_part_and_the_rest_goes_back() -> None:
    posted = post(BOOKS, (BY_PAYER, [hold("a", 600)]), (BY_PAYEE, [end("hold_post", "a", 250)]))
    assert told(posted) == ["posted", "posted"]
    assert after(posted, PURSE) == (750, 2, Pending())
    assert after(posted, OTHER) == (1_250, 2, Pending())
    (taken,) = posted.holds.values()
    assert (taken.state, taken.taken_minor, taken.closed_sequence) == (HoldState.POSTED, 250, 2)


def test_a_hold_ends_once() -> None:
    ends = [end("hold_void", "a", 600), end("hold_post", "a", 1), end("hold_void", "a", 600, Flag.LINKED)]
    posted = post(BOOKS, (BY_PAYER, [hold("a", 600)]), (BY_PAYEE, ends[:2]))
    assert told(posted) == ["posted", "posted", "pending_already_voided"]
    assert after(posted, PURSE) == (1_000, 0, Pending())


def test_only_the_payee_ends_a_hold() -> None:
    books = replace(BOOKS, holds={one.key: one for one in [held("pending")]})
    posted = post(books, (BY_PAYER, [end("hold_post", "pending", 100), end("hold_void", "pending", 100)]))
    assert told(posted) == ["credit_not_permitted", "credit_not_permitted"]


def test_a_payee_sees_no_hold_of_another_payee() -> None:
    foreign = replace(held("pending"), credit_account=named("elsewhere"))
    books = replace(BOOKS, holds={foreign.key: foreign})
    assert told(post(books, (BY_PAYEE, [end("hold_post", "pending", 100)]))) == ["pending_not_found"]


def test_nobody_but_the_ledger_lets_a_hold_expire() -> None:
    books = replace(BOOKS, holds={one.key: one for one in [held("pending")]})
    for principal in (BY_PAYER, BY_PAYEE):
        assert told(post(books, (principal, [end("hold_expire", "pending", 100)]))) == ["code_not_permitted"]


@pytest.mark.parametrize("seconds", [0, 604_801])
def test_a_hold_lasts_a_second_to_seven_days(seconds: int) -> None:
    assert told(post(BOOKS, (BY_PAYER, [hold("a", 1, seconds)]))) == ["timeout_invalid"]
    assert told(post(BOOKS, (BY_PAYER, [hold("a", 1, 1), hold("b", 1, 604_800)]))) == ["posted", "posted"]


def test_balancing_reserves_what_there_is_and_takes_what_is_reserved() -> None:
    reserved = post(BOOKS, (BY_PAYER, [hold("a", 5_000, flags=Flag.BALANCING_DEBIT)]))
    assert reserved.answers[0].moved_minor == 1_000
    whole = end("hold_post", "a", 5_000, Flag.BALANCING_DEBIT)
    taken = post(BOOKS, (BY_PAYER, [hold("a", 700)]), (BY_PAYEE, [whole]))
    assert taken.answers[1].moved_minor == 700


def test_a_chain_that_fails_leaves_no_hold_behind() -> None:
    chain = [hold("a", 600, flags=Flag.LINKED), request(PURSE, OTHER, 401, "pay")]
    posted = post(BOOKS, (BY_PAYER, [*chain, hold("b", 1), hold("c", 1), hold("d", 1), hold("e", 1)]))
    assert told(posted) == [
        "linked_transfer_failed",
        "insufficient_funds",
        *["posted"] * 3,
        "holds_exceeded",
    ]
    assert after(posted, PURSE) == (1_000, 0, Pending(3, 0))


def test_an_ended_hold_makes_room_for_another() -> None:
    full = [hold("a", 1), hold("b", 1), hold("c", 1)]
    ended = (BY_PAYEE, [end("hold_void", "a", 1)])
    assert told(post(BOOKS, (BY_PAYER, full), ended, (BY_PAYER, [hold("d", 1)])))[-1] == "posted"


def test_a_mandate_lets_its_payee_take_up_to_the_cap() -> None:
    given = mandate("mandate", use=MandateUse())
    books = replace(BOOKS, mandates={given.key: given})
    posted = post(books, (BY_PAYEE, [take(200, "a"), take(101, "b"), take(100, "c")]))
    assert told(posted) == ["posted", "mandate_exceeded", "posted"]
    assert posted.mandate_uses == {given.key: MandateUse(1, 300)}
    assert told(post(books, (BY_PAYER, [take(1)]))) == ["credit_not_permitted"]


def test_the_cap_is_anew_in_each_period() -> None:
    given = mandate("mandate", use=MandateUse(1, 300))
    full = replace(BOOKS, mandates={given.key: given})
    assert told(post(full, (BY_PAYEE, [take(1)]))) == ["mandate_exceeded"]
    last = replace(full, moment=given.given_at + 2 * MONTH - timedelta(microseconds=1))
    renewed = replace(full, moment=given.given_at + 2 * MONTH)
    lasting = replace(given, expires_at=NOW + 5 * MONTH)
    for books, answer in ((last, "mandate_exceeded"), (renewed, "posted")):
        assert told(post(replace(books, mandates={given.key: lasting}), (BY_PAYEE, [take(1)]))) == [answer]


def test_a_cap_without_periods_is_for_the_whole_time() -> None:
    given = mandate("mandate", renews_every_days=None, use=MandateUse(0, 299))
    books = replace(BOOKS, mandates={given.key: given})
    assert told(post(books, (BY_PAYEE, [take(1, "a"), take(1, "b")]))) == ["posted", "mandate_exceeded"]


def test_what_a_mandate_has_left_is_nothing_once_it_ended() -> None:
    given = mandate("mandate")
    assert (given.standing(NOW), given.left_at(NOW)) == (MandateStanding.ACTIVE, 200)
    assert (given.standing(LATER), given.left_at(LATER)) == (MandateStanding.EXPIRED, 0)
    revoked = replace(given, revoked_at=NOW)
    assert (revoked.standing(NOW), revoked.left_at(NOW)) == (MandateStanding.REVOKED, 0)
