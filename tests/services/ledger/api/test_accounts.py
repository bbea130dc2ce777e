"""Accounts and statements: whose they are sees them, nobody else learns that they exist."""

from uuid import UUID

from services.ledger.domain.accounts import AccountKind
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import (
    FOUNDER,
    GRANT_MINOR,
    PATH,
    UNION,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    membership_event,
)


async def test_a_member_sees_their_accounts_with_text(house: LedgerHouse) -> None:
    await house.consume(membership_event(5, invited=False))
    items = (await house.get("/accounts", 5)).json()["items"]
    assert [(item["kind"], item["balance"]["text"]) for item in items] == [
        ("member", "0.00"),
        ("grant", "250.00"),
    ]
    assert items[0]["id"] == str(account_of(5))
    assert items[0]["owner_id"] == str(member_id(5))


async def test_officers_see_the_unions_accounts_besides(house: LedgerHouse) -> None:
    items = (await house.get("/accounts", FOUNDER)).json()["items"]
    assert [item["kind"] for item in items] == ["member", "issuance", "treasury", "early_members"]
    assert items[1]["balance"]["minor"] == "-10000000000000"


async def test_one_account_is_read_by_slug_and_by_id(house: LedgerHouse) -> None:
    for union in ("weavers", str(UNION)):
        answer = await house.client.get(
            f"/v1/unions/{union}/accounts/{account_of(1)}", headers=house.bearer(1)
        )
        assert answer.json() == {
            "id": str(account_of(1)),
            "kind": "member",
            "owner_id": str(member_id(1)),
            "resource": None,
            "balance": {"asset": "GLD", "minor": "250000000", "text": "250.00"},
            "reserved": {"asset": "GLD", "minor": "0", "text": "0.00"},
            "expected": {"asset": "GLD", "minor": "0", "text": "0.00"},
            "frozen_until": None,
            "closed": False,
        }


async def test_anothers_account_looks_like_none(house: LedgerHouse) -> None:
    for path in (account_of(2), account_of_union(AccountKind.TREASURY), named("nowhere")):
        for tail in ("", "/statement"):
            answer = await house.get(f"/accounts/{path}{tail}")
            assert (answer.status_code, answer.json()["type"]) == (404, "/problems/account-not-found")
    assert (await house.get("/accounts/x")).status_code == 422
    assert (await house.get(f"/accounts/{account_of(1)}", None)).status_code == 401
    treasury = await house.get(f"/accounts/{account_of_union(AccountKind.TREASURY)}", FOUNDER)
    assert treasury.status_code == 200
    elsewhere = await house.client.get(
        f"/v1/unions/nowhere/accounts/{account_of(1)}", headers=house.bearer(1)
    )
    assert elsewhere.status_code == 404


async def test_a_service_sees_the_escrows_that_it_opened(house: LedgerHouse) -> None:
    body = {
        "kind": "escrow",
        "asset": "GLD",
        "resource": "agreements/one",
        "payees": ["treasury"],
        "exit_to": "treasury",
    }
    escrow = named("escrow")
    assert (await house.serve("market", "PUT", f"/accounts/{escrow}", body)).status_code == 200
    assert (await house.serve("market", "GET", f"/accounts/{escrow}")).json()["resource"] == "agreements/one"
    assert (await house.serve("funding", "GET", f"/accounts/{escrow}")).status_code == 404
    assert (await house.serve("graph", "GET", f"/accounts/{escrow}")).status_code == 403


async def test_a_statement_walks_back_with_running_balances_over_pages(house: LedgerHouse) -> None:
    for number in range(5):
        assert (await house.pay(1, 2, 10 + number, UUID(int=number), memo=f"no {number}"))[0] == "posted"
    assert (await house.pay(2, 1, 100, UUID(int=9)))[0] == "posted"
    lines = []
    path = f"/accounts/{account_of(1)}/statement?limit=3"
    while path:
        answer = await house.get(path)
        page = answer.json()
        lines += page["items"]
        link = answer.headers.get("link")
        path = link.split(";")[0].strip("<>").removeprefix(PATH) if link else ""
        assert (link is None) == (page["next_cursor"] is None)
    assert [line["amount"]["minor"] for line in lines] == [
        "100",
        "-14",
        "-13",
        "-12",
        "-11",
        "-10",
        str(GRANT_MINOR),
    ]
    assert [line["code"] for line in lines] == ["pay"] * 6 + ["joining_grant"]
    assert lines[1]["memo"] == "no 4"
    assert lines[1]["other_account"]["owner_id"] == str(member_id(2))
    balance = GRANT_MINOR - 60 + 100
    for line in lines:
        assert int(line["balance_after"]["minor"]) == balance
        balance -= int(line["amount"]["minor"])
    assert balance == 0


async def test_a_cursor_of_another_account_shows_nothing_of_it(house: LedgerHouse) -> None:
    await house.pay(3, 4, 10, UUID(int=1))
    await house.pay(3, 4, 10, UUID(int=2))
    foreign = (await house.get(f"/accounts/{account_of(3)}/statement?limit=1", 3)).json()["next_cursor"]
    answer = await house.get(f"/accounts/{account_of(1)}/statement?cursor={foreign}")
    assert answer.json() == {"items": [], "next_cursor": None}
    for cursor in ("x", "WzFd", "WzAsMV0", "WyJhIiwxXQ"):
        assert (await house.get(f"/accounts/{account_of(1)}/statement?cursor={cursor}")).status_code == 400
    assert (await house.get(f"/accounts/{account_of(1)}/statement?limit=0")).status_code == 400


async def test_an_account_without_transfers_has_an_empty_statement(house: LedgerHouse) -> None:
    await house.consume(membership_event(5, invited=False))
    answer = await house.get(f"/accounts/{account_of(5)}/statement", 5)
    assert answer.json() == {"items": [], "next_cursor": None}


async def test_a_path_that_no_database_can_hold_is_refused_not_broken(house: LedgerHouse) -> None:
    for tail in ("", "/statement"):
        path = f"/v1/unions/%00/accounts/{account_of(1)}{tail}"
        assert (await house.client.get(path, headers=house.bearer(1))).status_code == 422
