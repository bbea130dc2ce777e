"""What no ledger may take: each has its own answer, and leaves every row of the books as it was."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

import httpx
import orjson
import pytest

from services.ledger.domain.accounts import AccountKind
from services.ledger.domain.rights import PrincipalKind, named_principal
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.escrows import AGREEMENT, EMPLOYER, forwarded, funding, open_agreement, post
from tests.services.ledger.house import (
    GRANT_MINOR,
    PATH,
    LedgerHouse,
    account_of,
    account_of_union,
    member_id,
    membership_event,
    union_event,
)
from tests.services.ledger.raw_books import all_rows, changed_tables
from tests.support.network import listening

ID = named("bad input")
JSON = {"content-type": "application/json"}
OTHER_UNION, OTHER_SLUG, OTHER_MEMBER = named("another union"), "bakers", 9


def transfer(payer: int = 1, payee: int = 2, minor: Any = "10", **changed: Any) -> dict[str, Any]:
    return {
        "id": str(ID),
        "debit_account": str(account_of(payer)),
        "credit_account": str(account_of(payee)),
        "asset": "GLD",
        "minor": minor,
        "code": "pay",
    } | changed


async def send(
    house: LedgerHouse, content: bytes, number: int = 1, signed: dict[str, str] | None = None
) -> httpx.Response:
    """As it is, with the member's token; `signed`: by other header fields than those of their own act."""
    by = signed or house.signed(number, "POST", f"{PATH}/transfers", content)
    headers = JSON | house.bearer(number) | by
    return await house.client.post(f"{PATH}/transfers", content=content, headers=headers)


def slug_of(answer: httpx.Response) -> str:
    return answer.json()["type"].rsplit("/", 1)[-1]


@asynccontextmanager
async def unchanged(house: LedgerHouse, *but: str) -> AsyncGenerator[None]:
    """No row of the books is other than before, but for the tables named: those have to be."""
    before = await all_rows(house.database.superuser_url)
    yield
    assert changed_tables(before, await all_rows(house.database.superuser_url)) == set(but)


AMOUNTS: list[bytes] = [
    *(orjson.dumps(text) for text in ("-1", "+1", "-0", "1.5", "1e3", "", " 10", "10 ", "1 0", "1_0", "010")),
    *(orjson.dumps(text) for text in ("0x1f", "\u0661\u0660", "\uff11\uff10", "\u00b2", "10\n", "10\u0000")),
    *(str(power).encode() for power in (2**62 + 1, 2**63, 2**64, 10**400)),
    *(f'"{power}"'.encode() for power in (2**62 + 1, 2**63, 2**64, 10**400)),
    *(b"10", b"10.0", b"1e1", b"-10", b"0.1", b"NaN", b"Infinity", b"null", b"true", b'["10"]', b"{}"),
]


@pytest.mark.parametrize("amount", AMOUNTS, ids=lambda amount: amount[:24].decode())
async def test_what_is_no_amount_is_422(house: LedgerHouse, amount: bytes) -> None:
    content = orjson.dumps({"transfers": [transfer(minor="@")]}).replace(b'"@"', amount)
    async with unchanged(house):
        answer = await send(house, content)
        assert answer.status_code == 422, answer.text
    assert await house.pay(1, 2, 10, ID) == ("posted", None), "the id is as free as before"


REFUSED: list[tuple[str, dict[str, Any]]] = [
    ("amount_zero", transfer(minor="0")),
    ("amount_zero", transfer(minor="0", balancing_debit=True)),
    ("debit_not_permitted", transfer(payer=2, payee=1)),
    ("debit_not_permitted", transfer(payer=2, payee=3, code="hold", timeout_seconds=60)),
    ("code_not_permitted", transfer(debit_account="treasury", credit_account=str(account_of(1)))),
    ("debit_account_not_found", transfer(debit_account=str(account_of(9, union_id=OTHER_UNION)))),
    ("credit_account_not_found", transfer(credit_account=str(account_of(9, union_id=OTHER_UNION)))),
    ("insufficient_funds", transfer(minor=str(GRANT_MINOR + 1))),
    ("overflow", transfer(minor=str(2**62))),
    ("linked_chain_open", transfer(linked=True)),
    *(
        ("code_not_permitted", transfer(code=code))
        for code in (
            *("genesis", "joining_grant", "grant_unlock", "hold_expire", "scheduled_pay", "escrow_fund"),
            *("escrow_pay", "escrow_refund", "pledge", "pledge_refund", "project_payout", "deposit"),
            *("withdrawal", "withdrawal_return", "no_such_code"),
        )
    ),
    (
        "code_not_permitted",
        transfer(code="genesis", debit_account=str(account_of_union(AccountKind.ISSUANCE))),
    ),
    ("code_not_permitted", transfer(code="escrow_pay", debit_account=str(AGREEMENT))),
]


async def test_what_is_refused_burns_its_id_and_changes_nothing_else(house: LedgerHouse) -> None:
    await second_union(house)
    await open_agreement(house)
    before = await all_rows(house.database.superuser_url)
    for place, (result, sent) in enumerate(REFUSED):
        answer = await send(house, orjson.dumps({"transfers": [sent | {"id": str(UUID(int=place))}]}))
        assert answer.json()["results"][0]["result"] == result, sent
    after = await all_rows(house.database.superuser_url)
    assert changed_tables(before, after) == {"refused_transfers"}
    burnt = [
        (row["id"], row["result"]) for row in await house.rows("SELECT id, result FROM refused_transfers")
    ]
    assert sorted(burnt) == [(UUID(int=place), result) for place, (result, _) in enumerate(REFUSED)]


REUSED: list[tuple[str, dict[str, Any]]] = [
    ("exists", transfer()),
    ("exists_with_different_amount", transfer(minor="11")),
    ("exists_with_different_amount", transfer(minor="0")),
    ("exists_with_different_accounts", transfer(payee=3)),
    ("exists_with_different_accounts", transfer(payer=2, payee=1)),
    ("exists_with_different_code", transfer(code="escrow_fund")),
    ("exists_with_different_flags", transfer(balancing_debit=True)),
    ("exists_with_different_flags", transfer(linked=True)),
    ("exists_with_different_particulars", transfer(timeout_seconds=60)),
]


async def test_a_reused_id_is_told_what_it_is_and_changes_nothing(house: LedgerHouse) -> None:
    assert await house.pay(1, 2, 10, ID) == ("posted", None)
    async with unchanged(house):
        for result, sent in REUSED:
            answer = await send(house, orjson.dumps({"transfers": [sent]}))
            assert answer.json()["results"][0]["result"] == result, sent


async def test_more_than_a_full_batch_is_413_and_changes_nothing(house: LedgerHouse) -> None:
    batch = [transfer(id=str(UUID(int=place))) for place in range(8_191)]
    async with unchanged(house):
        answer = await send(house, orjson.dumps({"transfers": batch}))
        assert (answer.status_code, slug_of(answer)) == (413, "batch-too-large")


async def test_half_a_body_is_422_and_changes_nothing(house: LedgerHouse) -> None:
    whole = orjson.dumps({"transfers": [transfer()]})
    async with unchanged(house):
        for end in (1, len(whole) // 2, len(whole) - 1):
            assert (await send(house, whole[:end])).status_code == 422
        headers = house.signed(1, "POST", f"{PATH}/transfers", whole)
        answer = await send(house, whole[:-1], signed=headers)
        assert (answer.status_code, slug_of(answer)) == (422, "malformed-body")


async def test_a_body_that_is_cut_on_its_way_changes_nothing_and_comes_whole_later(
    house: LedgerHouse,
) -> None:
    content = orjson.dumps({"transfers": [transfer()]})
    async with unchanged(house), listening(house.app) as url:
        for sent in (content[:0], content[: len(content) // 2], content[:-1]):
            headers = house.bearer(1) | JSON | house.signed(1, "POST", f"{PATH}/transfers", content)
            await _break_off(url, headers, len(content), sent)
    assert (await send(house, content)).json()["results"][0]["result"] == "posted"


async def _break_off(url: str, headers: dict[str, str], announced_bytes: int, sent: bytes) -> None:
    """A connection of which so much comes, and then its end."""
    reader, writer = await asyncio.open_connection("127.0.0.1", urlsplit(url).port)
    lines = [f"POST {PATH}/transfers HTTP/1.1", "host: localhost", f"content-length: {announced_bytes}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    writer.write("\r\n".join([*lines, "", ""]).encode() + sent)
    await writer.drain()
    writer.write_eof()
    async with asyncio.timeout(10):
        answer = await reader.read()
    assert answer == b""
    writer.close()


async def second_union(house: LedgerHouse) -> None:
    """With a member of its own, who has money there."""
    await house.consume(union_event(OTHER_UNION, OTHER_SLUG))
    await house.consume(membership_event(0, union_id=OTHER_UNION))
    await house.consume(membership_event(OTHER_MEMBER, union_id=OTHER_UNION))


async def test_another_unions_member_is_403_whatever_they_ask(house: LedgerHouse) -> None:
    await second_union(house)
    async with unchanged(house):
        for sent in (transfer(payer=OTHER_MEMBER, payee=1), transfer(payer=1, payee=2)):
            answer = await send(house, orjson.dumps({"transfers": [sent]}), OTHER_MEMBER)
            assert (answer.status_code, slug_of(answer)) == (403, "not-a-member")


async def test_an_act_for_another_union_is_none_for_this_one(house: LedgerHouse) -> None:
    await second_union(house)
    await house.consume(membership_event(1, union_id=OTHER_UNION))
    content = orjson.dumps({"transfers": [transfer()]})
    elsewhere = house.signed(1, "POST", f"/v1/unions/{OTHER_SLUG}/transfers", content)
    async with unchanged(house):
        answer = await send(house, content, signed=elsewhere)
        assert (answer.status_code, slug_of(answer)) == (401, "act-signature-wrong")


async def test_a_token_does_not_make_anothers_act_ones_own(house: LedgerHouse) -> None:
    content = orjson.dumps({"transfers": [transfer(payer=2, payee=1)]})
    by_the_payer = house.signed(2, "POST", f"{PATH}/transfers", content)
    async with unchanged(house):
        answer = await send(house, content, signed=by_the_payer)
        assert (answer.status_code, slug_of(answer)) == (401, "act-key-unknown")


async def test_who_uses_an_id_first_takes_it_from_nobody_else(house: LedgerHouse) -> None:
    """A member squats on the ids that another member, and the market, are about to use."""
    await open_agreement(house)
    act = forwarded(house, EMPLOYER, "10", f"agreements/{AGREEMENT}")
    fund = funding("10", act) | {"id": str(ID)}
    assert await house.pay(3, 2, 10, ID) == ("posted", None)
    assert await house.pay(4, 2, GRANT_MINOR + 1, ID) == ("insufficient_funds", None)
    assert await house.pay(2, 1, 20, ID) == ("posted", None)
    assert await post(house, "market", fund) == ["posted"]
    assert await house.pay(3, 2, 10, ID) == ("exists", None)
    assert await house.pay(2, 1, 20, ID) == ("exists", None)
    assert await house.pay(4, 2, 1, ID) == ("id_already_failed", "insufficient_funds")
    stored = await house.rows("SELECT principal_id, amount_minor FROM transfers WHERE id = $1", ID)
    market = named_principal(PrincipalKind.MARKET).id
    assert {tuple(row) for row in stored} == {(member_id(3), 10), (member_id(2), 20), (market, 10)}
