"""A session signs in, signs acts, renews itself, waits out an outage, and reads what it has written."""

import asyncio

import pytest

from guildhall.client import DeviceKey, Refused, Session, Unreachable, Wallet, sign_in
from guildhall.client.connections import Connections, path_as_sent
from tests.guildhall.client.house import House, later

WALLET = Wallet.derived("seed", "ada")
DEVICE = DeviceKey.derived("seed", "ada")


async def signed_in(house: House, connections: Connections, patience_seconds: float = 0) -> Session:
    return await sign_in(connections, WALLET, DEVICE, now=house.now, patience_seconds=patience_seconds)


async def test_a_wallet_signs_in_and_its_device_acts_at_the_public_address() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        assert session.public_url == "https://guild.example"
        answer = await session.post("/v1/unions", {"name": "Weavers"}, idempotency_key="found-1")
        assert answer.checked().json() == {
            "rest": "unions",
            "signed": True,
            "key": "found-1",
            "body": '{"name":"Weavers"}',
        }
        assert session.member_id


@pytest.mark.parametrize(
    "path", ["/v1/a/b", "/v1/a%20b?x=1&y=a%2Fb", "/v1/a b?q=\u00e9", "/v1/x?", "/v1/./a/../b", "/v1/a|b?[c]"]
)
async def test_what_is_signed_is_the_path_as_it_is_sent(path: str) -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        assert (await session.put(path, {})).status == 200
        assert (await session.delete(path)).status == 200


def test_a_plain_path_is_sent_as_it_stands() -> None:
    assert (
        path_as_sent("/v1/unions/weavers/offers?limit=5&cursor=a-b")
        == "/v1/unions/weavers/offers?limit=5&cursor=a-b"
    )
    assert path_as_sent("/v1/x?") == "/v1/x"


async def test_reading_is_not_signed_and_acts_may_be_left_unsigned() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        assert (await session.get("/v1/me")).json()["signed"] is False
        assert (await session.patch("/v1/me", {}, act=False)).json()["signed"] is False
        assert (await session.patch("/v1/me", {})).json()["signed"] is True


async def test_a_token_is_renewed_before_it_ends_once_for_all_that_wait() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        later(house, 575)
        answers = await asyncio.gather(*(session.get("/v1/me") for _ in range(8)))
        assert {answer.status for answer in answers} == {200}
        assert house.seen.count("POST /v1/auth/refreshes") == 1
        assert house.sign_ins_count == 1


async def test_a_token_that_is_refused_is_renewed_and_the_request_sent_again() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        later(house, 700)
        session.tokens = type(session.tokens)("spoilt", house.now() + 600, house.refresh_token, "", "")
        assert (await session.put("/v1/x", {})).status == 200
        assert house.seen[-3:] == ["PUT /v1/x", "POST /v1/auth/refreshes", "PUT /v1/x"]


async def test_when_it_cannot_be_renewed_it_signs_in_again() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        house.refuses_refresh = True
        later(house, 700)
        assert (await session.get("/v1/me")).status == 200
        assert house.sign_ins_count == 2


async def test_a_proof_that_is_too_old_is_given_once_more_for_all_that_wait() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        later(house, 301)
        answers = await asyncio.gather(*(session.delete("/v1/keys") for _ in range(4)))
        assert {answer.status for answer in answers} == {200}
        assert house.sign_ins_count == 2
        alone = Session(connections, DEVICE, session.tokens, public_url=session.public_url, now=house.now)
        later(house, 301)
        assert (await alone.delete("/v1/keys")).problem == "insufficient-user-authentication"


async def test_a_session_without_its_wallet_says_that_it_ended() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        alone = Session(connections, DEVICE, session.tokens, public_url=session.public_url, now=house.now)
        house.refuses_refresh = True
        later(house, 700)
        with pytest.raises(Refused, match="refresh-token-unknown"):
            await alone.get("/v1/me")


async def test_events_of_an_answer_are_waited_for_by_the_next_requests() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        answer = await session.put("/v1/backlink", {})
        assert answer.events == ("backlink/1", "backlink/2")
        await session.get("/v1/me")
        assert house.after[-2:] == [None, "backlink/1, backlink/2"]
        for number in range(6):
            await session.put(f"/v1/{number}", {})
        await session.get("/v1/me")
        assert house.after[-1] == ", ".join(f"{number}/{event}" for number in range(2, 6) for event in (1, 2))
        later(house, 5)
        await session.get("/v1/me")
        assert house.after[-1] is None


async def test_another_members_events_can_be_waited_for() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        session.after(["union/7"])
        await session.get("/v1/me")
        assert house.after[-1] == "union/7"


async def test_without_patience_an_outage_is_told_at_once() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections)
        house.broken_count = 1
        with pytest.raises(Unreachable):
            await session.get("/v1/me")
        house.away_count = 1
        assert (await session.get("/v1/me")).problem == "unavailable"


async def test_with_patience_what_may_be_repeated_is_repeated() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections, patience_seconds=30)
        house.broken_count, house.away_count = 1, 1
        assert (await session.put("/v1/x", {})).status == 200
        house.broken_count = 1
        assert (await session.post("/v1/x", {}, idempotency_key="once")).status == 200


async def test_a_post_without_a_key_is_never_sent_twice() -> None:
    house = House()
    async with house.connected() as connections:
        session = await signed_in(house, connections, patience_seconds=30)
        house.broken_count = 1
        with pytest.raises(Unreachable):
            await session.post("/v1/x", {})
        house.away_count = 1
        assert (await session.post("/v1/x", {})).status == 503


async def test_a_refusal_is_an_answer_with_a_name() -> None:
    house = House()
    async with house.connected() as connections:
        answer = await connections.request("POST", "/v1/auth/sessions", {}, b"{}")
        assert (answer.status, answer.problem) == (401, "nonce-of-another-browser")
        with pytest.raises(Refused) as refusal:
            answer.checked()
        assert refusal.value.problem == "nonce-of-another-browser"
