"""One's own wallets: added for the device that signs, named, and removed after a delay."""

from base64 import urlsafe_b64decode
from datetime import timedelta
from typing import Any

import httpx
import orjson
import pytest

from tests.services.identity.house import IdentityHouse, Member, Nonce
from tests.services.identity.passkey_member import passkey_member
from tests.services.identity.recovery.lost import pass_delay, sign_in_again, told

OWN = "/v1/me/wallets"


async def body_of(member: Member, wallet: Member, **changes: Any) -> dict[str, Any]:
    """What a wallet signs for the member's device."""
    wallet.device = changes.pop("device", member.device)
    message = wallet.message((await member.nonce()).nonce, **changes)
    return {"message": message, "signature": wallet.signature(message)}


async def add(member: Member, name: str = "") -> tuple[httpx.Response, Member]:
    wallet = Member(member.house)
    return await member.act("POST", OWN, await body_of(member, wallet) | {"name": name}), wallet


async def listed(member: Member) -> list[dict[str, Any]]:
    return (await member.ask("GET", OWN)).json()["items"]


async def test_who_has_a_passkey_adds_a_wallet_and_signs_in_by_it(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    assert await listed(member) == []
    added, wallet = await add(member, " Hardware wallet ")
    assert added.status_code == 201, added.text
    [own] = await listed(member)
    assert own == added.json()
    assert (own["address"], own["name"]) == (wallet.wallet.address.lower(), "Hardware wallet")
    await sign_in_again(wallet)
    assert wallet.id == member.id


async def test_the_last_of_all_keys_stays_whichever_it_is(house: IdentityHouse) -> None:
    member = await passkey_member(house)
    added, wallet = await add(member)
    [passkey] = (await member.ask("GET", "/v1/me/passkeys")).json()["items"]
    assert (await member.act("DELETE", f"/v1/me/passkeys/{passkey['id']}")).status_code == 200
    assert told(await member.act("DELETE", f"{OWN}/{added.json()['address']}")) == (409, "last-key")
    await pass_delay(house)
    await sign_in_again(wallet)
    assert told(await wallet.act("DELETE", f"{OWN}/{added.json()['address']}")) == (409, "last-key")


async def test_a_removed_wallet_signs_in_until_the_delay_is_over_and_is_nobodys_after(
    house: IdentityHouse,
) -> None:
    member = await house.member()
    _, other = await add(member)
    path = f"{OWN}/{member.wallet.address}"
    assert (await member.act("DELETE", path)).json()["removed_at"] is not None
    await pass_delay(house, less_seconds=1)
    await sign_in_again(member)
    house.clock.advance(timedelta(seconds=1))
    assert told(await member.sign_in()) == (403, "key-removed")
    await sign_in_again(other)
    assert [own["address"] for own in await listed(other)] == [other.wallet.address.lower()]
    stranger = await house.member()
    taken = await stranger.act("POST", OWN, await body_of(stranger, Member(house, wallet=member.wallet)))
    assert told(taken) == (409, "key-taken")


async def test_a_removal_is_taken_back_by_the_key_itself(house: IdentityHouse) -> None:
    member = await house.member()
    await add(member)
    path = f"{OWN}/{member.wallet.address.lower()}"
    await member.act("DELETE", path)
    await sign_in_again(member)
    assert (await member.act("DELETE", f"{path}/removal")).status_code == 204
    await pass_delay(house)
    await sign_in_again(member)


async def test_a_wallet_is_called_otherwise_by_its_member_alone(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    path = f"{OWN}/{member.wallet.address}"
    assert (await member.act("PATCH", path, {"name": "Cold"})).json()["name"] == "Cold"
    assert told(await other.act("PATCH", path, {"name": "Mine"})) == (404, "wallet-not-found")
    assert told(await other.act("DELETE", path)) == (404, "wallet-not-found")
    assert told(await other.act("DELETE", f"{path}/removal")) == (404, "wallet-not-found")
    assert [own["name"] for own in await listed(member)] == ["Cold"]


async def test_a_wallet_is_added_for_the_device_that_signs(house: IdentityHouse) -> None:
    member, elsewhere = await house.member(), Member(house)
    refused = await member.act("POST", OWN, await body_of(member, Member(house), device=elsewhere.device))
    assert (*told(refused), refused.json()["field"]) == (401, "sign-in-message-wrong", "resources")


async def test_a_wallet_of_somebodys_is_not_added(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    body = await body_of(member, Member(house, wallet=other.wallet))
    assert told(await member.act("POST", OWN, body)) == (409, "key-taken")


async def test_a_nonce_adds_one_wallet(house: IdentityHouse) -> None:
    member, wallet = await house.member(), Member(house)
    body = await body_of(member, wallet)
    assert (await member.act("POST", OWN, body)).status_code == 201
    assert told(await member.act("POST", OWN, body)) == (401, "nonce-not-usable")
    message = wallet.message(Nonce("0" * 32, "").nonce)
    unknown = {"message": message, "signature": wallet.signature(message)}
    assert told(await member.act("POST", OWN, unknown)) == (401, "nonce-not-usable")


async def test_a_signature_of_another_wallet_adds_nothing(house: IdentityHouse) -> None:
    member, wallet, other = await house.member(), Member(house), Member(house)
    body = await body_of(member, wallet)
    forged = body | {"signature": other.signature(body["message"])}
    assert told(await member.act("POST", OWN, forged)) == (401, "wallet-signature-wrong")


async def test_a_member_has_so_many_wallets(house: IdentityHouse) -> None:
    member = await house.member()
    for _ in range(house.settings.wallets_per_member_max - 1):
        assert (await add(member))[0].status_code == 201
    assert told((await add(member))[0]) == (409, "wallets-per-member-reached")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
async def test_a_stolen_session_changes_no_wallets(house: IdentityHouse, method: str) -> None:
    member = await house.member()
    await add(member)
    path = OWN if method == "POST" else f"{OWN}/{member.wallet.address}"
    assert (await member.ask(method, path, {})).status_code in (401, 422)
    house.clock.advance(timedelta(seconds=house.settings.fresh_proof_max_seconds + 1))
    await member.renew_internal_token()
    body = await body_of(member, Member(house)) if method == "POST" else None
    assert told(await member.act(method, path, body)) == (401, "insufficient-user-authentication")
    assert [own["removed_at"] for own in await listed(member)] == [None, None]


async def test_a_session_says_which_wallet_may_sign_as_long_as_it_is_the_members(
    house: IdentityHouse,
) -> None:
    member, by_passkey = await house.member(), await passkey_member(house)
    assert wallet_of(member) == member.wallet.address
    assert wallet_of(by_passkey) is None
    await add(member)
    await member.act("DELETE", f"{OWN}/{member.wallet.address}")
    await pass_delay(house, less_seconds=60)
    await sign_in_again(member)
    assert wallet_of(member) == member.wallet.address
    house.clock.advance(timedelta(seconds=60))
    async with house.http() as http:
        body = {"refresh_token": member.session["refresh_token"]}
        member.session = (await http.post("/v1/auth/refreshes", json=body)).json()
    assert wallet_of(member) is None


def wallet_of(member: Member) -> str | None:
    """Of the access token."""
    payload = member.session["access_token"].split(".")[1]
    return orjson.loads(urlsafe_b64decode(f"{payload}==")).get("wallet")
