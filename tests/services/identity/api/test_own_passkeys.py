"""One's own passkeys: added and removed by signed acts, and never the last key."""

import asyncio
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import httpx
import pytest

from services.identity.api.joined import Identity
from tests.services.identity.house import IdentityHouse, Member, Nonce
from tests.services.identity.passkey_member import PasskeyMember, passkey, passkey_member
from tests.support.authenticator import base64url

OWN = "/v1/me/passkeys"


def told(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


def another(member: Member) -> PasskeyMember:
    """The same device with a new passkey: who makes its credentials."""
    return PasskeyMember(member.house, device=member.device, passkey=passkey())


async def add(member: Member, **more: Any) -> tuple[httpx.Response, PasskeyMember]:
    made = another(member)
    body = made.made(await member.nonce()) | more
    return await member.act("POST", OWN, body), made


async def listed(member: Member) -> list[dict[str, Any]]:
    return (await member.ask("GET", OWN)).json()["items"]


async def test_the_first_passkey_is_listed(house: IdentityHouse) -> None:
    member = PasskeyMember(house)
    nonce = await member.nonce()
    await member.post("passkeys", member.made(nonce) | {"name": " Phone "}, nonce.cookie)
    [own] = await listed(member)
    assert (own["name"], own["credential_id"]) == ("Phone", base64url(member.passkey.credential_id))
    assert own["backed_up"] is False
    assert own["used_at"] == own["added_at"]


async def test_who_has_a_wallet_adds_a_passkey_and_signs_in_by_it(house: IdentityHouse) -> None:
    member = await house.member()
    assert await listed(member) == []
    added, made = await add(member, name="Key ring")
    assert added.status_code == 201, added.text
    assert await listed(member) == [added.json()]
    response = await made.sign_in()
    assert response.status_code == 201, response.text
    assert made.id == member.id
    [row] = await house.rows(
        "SELECT act_right FROM act_log WHERE subject = $1", f"passkeys/{added.json()['id']}"
    )
    assert row["act_right"] == "own_keys"


async def test_pages_follow_one_another(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    for _ in range(2):
        assert (await add(member))[0].status_code == 201
    first = (await member.ask("GET", f"{OWN}?limit=2")).json()
    rest = (await member.ask("GET", f"{OWN}?limit=2&cursor={first['next_cursor']}")).json()
    assert first["items"] + rest["items"] == await listed(member)
    assert rest["next_cursor"] is None


async def test_a_bearer_token_alone_adds_and_removes_nothing(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    unsigned = await member.ask("POST", OWN, another(member).made(await member.nonce()))
    assert told(unsigned)[0] == 401
    assert (await member.ask("DELETE", f"{OWN}/{(await listed(member))[0]['id']}")).status_code == 401
    assert len(await listed(member)) == 1


async def test_a_passkey_is_added_for_the_device_that_signs(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    elsewhere = PasskeyMember(house)
    refused = await member.act("POST", OWN, elsewhere.made(await member.nonce()))
    assert (*told(refused), refused.json()["field"]) == (401, "passkey-wrong", "device_public_key")


async def test_a_passkey_of_somebody_is_not_added_twice(house: IdentityHouse) -> None:
    member, other = await passkey_member(house), await passkey_member(house)
    borrowed = PasskeyMember(house, device=member.device, passkey=other.passkey)
    assert told(await member.act("POST", OWN, borrowed.made(await member.nonce()))) == (409, "passkey-taken")


async def test_a_nonce_that_was_not_given_adds_nothing(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    body = another(member).made(Nonce("0" * 32, ""))
    assert told(await member.act("POST", OWN, body)) == (401, "nonce-not-usable")


async def test_a_member_has_so_many_passkeys(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    identity: Identity = house.app.state.identity
    before = identity.settings
    object.__setattr__(identity, "settings", before.model_copy(update={"passkeys_per_member_max": 2}))
    try:
        answers = [(await add(member))[0] for _ in range(2)]
    finally:
        object.__setattr__(identity, "settings", before)
    assert answers[0].status_code == 201
    assert told(answers[1]) == (409, "passkeys-per-member-reached")


async def pass_delay(house: IdentityHouse) -> None:
    house.clock.advance(timedelta(seconds=house.settings.recovery_delay_seconds))


async def test_a_removed_passkey_signs_in_until_the_delay_is_over_and_a_repeat_changes_nothing(
    house: IdentityHouse,
) -> None:
    member = await passkey_member(house)
    added, other = await add(member)
    assert added.status_code == 201
    credential_id = base64url(member.passkey.credential_id)
    [first] = [own for own in await listed(member) if own["credential_id"] == credential_id]
    path = f"{OWN}/{first['id']}"
    removed_at = house.clock.now() + timedelta(seconds=house.settings.recovery_delay_seconds)
    for _ in range(2):
        removed = await member.act("DELETE", path)
        assert removed.status_code == 200
        assert datetime.fromisoformat(removed.json()["removed_at"]) == removed_at
    assert len(await listed(member)) == 2
    house.clock.advance(timedelta(seconds=house.settings.recovery_delay_seconds - 1))
    assert (await member.sign_in()).status_code == 201
    house.clock.advance(timedelta(seconds=1))
    assert [own["id"] for own in await listed(member)] == [added.json()["id"]]
    assert told(await member.sign_in()) == (401, "passkey-unknown")
    await other.sign_in()
    assert told(await other.act("DELETE", path)) == (404, "passkey-not-found")
    again = PasskeyMember(house, passkey=member.passkey)
    nonce = await again.nonce()
    assert told(await again.post("passkeys", again.made(nonce), nonce.cookie)) == (409, "passkey-taken")


async def test_the_last_key_stays(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    path = f"{OWN}/{(await listed(member))[0]['id']}"
    assert told(await member.act("DELETE", path)) == (409, "last-key")
    assert (await member.sign_in()).status_code == 201


async def test_any_key_takes_a_removal_back(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    _, other = await add(member)
    [first, _] = await listed(member)
    await member.act("DELETE", f"{OWN}/{first['id']}")
    await other.sign_in()
    assert (await other.act("DELETE", f"{OWN}/{first['id']}/removal")).status_code == 204
    assert (await other.act("DELETE", f"{OWN}/{first['id']}/removal")).status_code == 204
    await pass_delay(house)
    assert (await member.sign_in()).status_code == 201
    kinds = await house.rows("SELECT kind FROM notices WHERE member_id = $1 ORDER BY number", member.id)
    assert [row["kind"] for row in kinds] == [
        "account.key_added",
        "account.key_leaves",
        "account.key_stays",
    ]


async def test_a_passkey_is_called_otherwise(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    [own] = await listed(member)
    named = await member.act("PATCH", f"{OWN}/{own['id']}", {"name": " Old phone "})
    assert named.json()["name"] == (await listed(member))[0]["name"] == "Old phone"
    other = await passkey_member(house)
    assert told(await other.act("PATCH", f"{OWN}/{own['id']}", {"name": "Mine"})) == (
        404,
        "passkey-not-found",
    )


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_keys_change_by_a_fresh_proof_alone(house: IdentityHouse, method: str) -> None:
    member = await passkey_member(house)
    await add(member)
    [first, _] = await listed(member)
    path, body = (OWN, None) if method == "POST" else (f"{OWN}/{first['id']}", None)
    house.clock.advance(timedelta(seconds=house.settings.fresh_proof_max_seconds + 1))
    await member.renew_internal_token()
    if method == "POST":
        body = another(member).made(await member.nonce())
    refused = await member.act(method, path, body)
    assert told(refused) == (401, "insufficient-user-authentication")
    assert len(await listed(member)) == 2
    await member.sign_in()
    if method == "POST":
        body = another(member).made(await member.nonce())
    assert (await member.act(method, path, body)).status_code == (201 if method == "POST" else 200)


async def test_of_two_removed_at_once_one_stays(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    await add(member)
    paths = [f"{OWN}/{own['id']}" for own in await listed(member)]
    answers = await asyncio.gather(*(member.act("DELETE", path) for path in paths))
    assert sorted(answer.status_code for answer in answers) == [200, 409]


async def test_who_has_a_wallet_may_remove_every_passkey(house: IdentityHouse) -> None:
    member = await house.member()
    added, _ = await add(member)
    assert (await member.act("DELETE", f"{OWN}/{added.json()['id']}")).status_code == 200
    await pass_delay(house)
    await member.sign_in()
    assert await listed(member) == []


@pytest.mark.parametrize("whose", ["nobody", "another"])
async def test_anothers_passkey_is_not_found(house: IdentityHouse, whose: str) -> None:
    member, other = await passkey_member(house), await passkey_member(house)
    passkey_id = uuid4() if whose == "nobody" else (await listed(other))[0]["id"]
    assert told(await member.act("DELETE", f"{OWN}/{passkey_id}")) == (404, "passkey-not-found")
