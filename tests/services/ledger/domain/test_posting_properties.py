"""Whatever is asked for: assets sum to zero, nothing is below zero, a repeated id is one transfer."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.books import Books
from services.ledger.domain.posting import Posted
from services.ledger.domain.results import Result
from services.ledger.domain.rights import CODES, hire_principal, manager_principal
from services.ledger.domain.transfers import NO_FLAG, Flag, TransferRequest
from tests.services.ledger.domain.ledger_nouns import (
    BAKERY,
    BY_PAYER,
    FUNDING,
    LEDGER,
    MARKET,
    PAYEE,
    PAYER,
    named,
    post_batch,
    signed_debit,
)

KINDS = (
    AccountKind.ISSUANCE,
    AccountKind.TREASURY,
    AccountKind.EARLY_MEMBERS,
    AccountKind.MEMBER,
    AccountKind.MEMBER,
    AccountKind.GRANT,
    AccountKind.ESCROW,
    AccountKind.ESCROW,
    AccountKind.BUSINESS,
)
OWNERS = {
    AccountKind.MEMBER: lambda place: (PAYER, PAYEE)[place % 2],
    AccountKind.GRANT: lambda place: (PAYER, PAYEE)[place % 2],
    AccountKind.BUSINESS: lambda _: BAKERY,
}
IDS = [named(f"account {place}") for place in range(len(KINDS))]
BY_BUSINESS = (manager_principal(PAYER, BAKERY), hire_principal(PAYEE, BAKERY))
amounts = st.one_of(st.integers(0, 50), st.integers(0, 2**62))


@st.composite
def some_accounts(draw: st.DrawFn) -> dict[object, Account]:
    held = draw(st.lists(st.integers(0, 2**59), min_size=8, max_size=8))
    balances = [-sum(held), *held]
    accounts: dict[object, Account] = {}
    for place, kind in enumerate(KINDS):
        escrow = kind is AccountKind.ESCROW
        accounts[IDS[place]] = Account(
            IDS[place],
            place,
            kind,
            "GLD",
            balances[place],
            owner_id=OWNERS.get(kind, lambda _: None)(place),
            opened_by=(MARKET.id, FUNDING.id)[place % 2] if escrow else None,
            resource=f"resource/{place}" if escrow else None,
            payees=frozenset(IDS[3:5]) if escrow else frozenset(),
            exit_to=IDS[3] if escrow and place % 2 == 0 else None,
        )
    return accounts


@st.composite
def some_transfer(draw: st.DrawFn) -> TransferRequest:
    amount = draw(amounts)
    to = draw(st.sampled_from(["resource/6", "resource/7"]))
    member = draw(st.sampled_from([PAYER, PAYEE]))
    nonce = draw(st.sampled_from(["n1", "n2", "n3"]))
    act = draw(st.sampled_from([None, signed_debit(to, amount, member_id=member, nonce=nonce)]))
    return TransferRequest(
        id=named(f"transfer {draw(st.integers(0, 12))}"),
        debit_account=draw(st.sampled_from(IDS)),
        credit_account=draw(st.sampled_from(IDS)),
        asset="GLD",
        amount_minor=amount,
        code=draw(st.sampled_from(sorted(CODES))),
        act=act,
        flags=draw(st.sampled_from([NO_FLAG, *map(Flag, range(1, 8))])),
    )


@st.composite
def posted_batches(draw: st.DrawFn) -> tuple[dict[object, Account], list[TransferRequest], Posted]:
    accounts = draw(some_accounts())
    contributions = {(IDS[7], IDS[3]): draw(amounts)}
    batch = draw(st.lists(some_transfer(), max_size=30))
    principal = draw(st.sampled_from([LEDGER, BY_PAYER, MARKET, FUNDING, *BY_BUSINESS]))
    return accounts, batch, post_batch(batch, principal, Books(accounts, contributions, 7))  # pyright: ignore[reportArgumentType]


@given(posted_batches())
@settings(max_examples=100, deadline=None)
def test_every_batch_conserves_the_asset_and_leaves_nothing_below_zero(
    outcome: tuple[dict[object, Account], list[TransferRequest], Posted],
) -> None:
    accounts, _, posted = outcome
    after = {account_id: account.balance_minor for account_id, account in accounts.items()}
    after.update({change.account.id: change.balance_minor for change in posted.balances})
    assert sum(after.values()) == 0
    for account_id, balance in after.items():
        assert abs(balance) <= 2**62
        assert balance >= 0 or accounts[account_id].kind is AccountKind.ISSUANCE
    assert all(left >= 0 for left in posted.contributions.values())


@given(posted_batches())
@settings(max_examples=100, deadline=None)
def test_balances_are_the_sum_of_the_postings_and_sequences_have_no_gap(
    outcome: tuple[dict[object, Account], list[TransferRequest], Posted],
) -> None:
    accounts, _, posted = outcome
    moved: Counter[object] = Counter()
    last: dict[object, int] = {}
    for place, row in enumerate(posted.postings):
        assert row.sequence == 8 + place
        assert row.debit_previous == last.get(row.request.debit_account, 0)
        assert row.credit_previous == last.get(row.request.credit_account, 0)
        last[row.request.debit_account] = last[row.request.credit_account] = row.sequence
        moved[row.request.debit_account] -= row.amount_minor
        moved[row.request.credit_account] += row.amount_minor
    for change in posted.balances:
        assert change.balance_minor == accounts[change.account.id].balance_minor + moved[change.account.id]
        assert change.last_sequence == last[change.account.id]


@given(posted_batches())
@settings(max_examples=100, deadline=None)
def test_every_request_has_one_answer_and_every_id_is_burnt_once(
    outcome: tuple[dict[object, Account], list[TransferRequest], Posted],
) -> None:
    _, batch, posted = outcome
    assert [answer.id for answer in posted.answers] == [transfer.id for transfer in batch]
    burnt = [row.request.id for row in posted.postings] + [refusal.id for refusal in posted.refusals]
    assert sorted(burnt) == sorted({transfer.id for transfer in batch})
    assert sum(answer.result is Result.POSTED for answer in posted.answers) == len(posted.postings)
