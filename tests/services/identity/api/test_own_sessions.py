"""One's own sessions and devices: seen, named, and ended from any of them."""

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.recovery.lost import sign_in_again, told

OWN = "/v1/me/sessions"


async def elsewhere(member: Member) -> Member:
    """The same wallet on another device."""
    other = Member(member.house, wallet=member.wallet, device=Ed25519PrivateKey.generate())
    await sign_in_again(other)
    return other


async def test_each_sees_all_sessions_and_which_is_theirs(house: IdentityHouse) -> None:
    phone = await house.member()
    laptop = await elsewhere(phone)
    items = (await laptop.ask("GET", OWN)).json()["items"]
    assert {each["id"]: each["is_this"] for each in items} == {
        phone.session["session_id"]: False,
        laptop.session["session_id"]: True,
    }
    assert {each["key_kind"] for each in items} == {"wallet"}
    assert {each["device_key_id"] for each in items} == {phone.device_key_id, laptop.device_key_id}
    first = (await laptop.ask("GET", f"{OWN}?limit=1")).json()
    rest = (await laptop.ask("GET", f"{OWN}?limit=1&cursor={first['next_cursor']}")).json()
    assert first["items"] + rest["items"] == items


async def test_a_session_is_ended_from_another_device_and_its_device_goes_on(house: IdentityHouse) -> None:
    phone = await house.member()
    laptop = await elsewhere(phone)
    path = f"{OWN}/{phone.session['session_id']}"
    for _ in range(2):
        assert (await laptop.act("DELETE", path)).status_code == 204
    assert (await house.exchange(phone.session["access_token"])).status_code != 200
    assert [each["is_this"] for each in (await laptop.ask("GET", OWN)).json()["items"]] == [True]
    [row] = await house.rows("SELECT kind, subject FROM revocations WHERE member_id = $1", phone.id)
    assert (row["kind"], row["subject"]) == ("session", phone.session["session_id"])
    await sign_in_again(phone)


async def test_anothers_session_is_not_found_and_a_bearer_token_ends_none(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    path = f"{OWN}/{member.session['session_id']}"
    assert told(await other.act("DELETE", path)) == (404, "session-not-found")
    assert (await member.ask("DELETE", path)).status_code == 401
    assert len((await member.ask("GET", OWN)).json()["items"]) == 1


async def test_a_device_is_called_by_its_name(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    path = f"/v1/me/devices/{member.device_key_id}"
    assert (await member.act("PATCH", path, {"name": " Old laptop "})).status_code == 204
    [device] = (await member.ask("GET", "/v1/me/devices")).json()["items"]
    [session] = (await member.ask("GET", OWN)).json()["items"]
    assert device["name"] == session["device_name"] == "Old laptop"
    assert told(await other.act("PATCH", path, {"name": "Mine"})) == (404, "device-key-not-found")
