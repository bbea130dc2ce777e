"""Who would take an account by its recovery: too few guardians, too early, with a stolen key, by guessing."""

import asyncio
from datetime import timedelta

import pytest

from tests.services.identity.house import IdentityHouse
from tests.services.identity.passkey_member import PasskeyMember
from tests.services.identity.recovery.lost import (
    GUARDIANS,
    RECOVERIES,
    Asker,
    cancel_by_key,
    circle,
    handle_of,
    pass_delay,
    present,
    sign_in_again,
    told,
)


async def test_one_guardian_votes_once_however_often(house: IdentityHouse) -> None:
    ring = await circle(house)
    recovery = await Asker(house).begin(handle_of(ring.member))
    first, again = await ring.vote(recovery, 0, 0)
    assert first.status_code == 200
    assert told(again) == (409, "vote-cast")
    path = f"{RECOVERIES}/{recovery['id']}/vote"
    at_once = await asyncio.gather(
        *(ring.guardians[1].act("PUT", path, {"approves": False}) for _ in range(4))
    )
    assert sorted(answer.status_code for answer in at_once) == [200, 409, 409, 409]
    assert (await present(house, recovery))["state"] == "asked"


async def test_two_last_votes_at_once_are_counted_one_after_the_other(house: IdentityHouse) -> None:
    ring = await circle(house)
    recovery = await Asker(house).begin(handle_of(ring.member))
    path = f"{RECOVERIES}/{recovery['id']}/vote"
    answers = await asyncio.gather(
        *(guardian.act("PUT", path, {"approves": True}) for guardian in ring.guardians)
    )
    assert sorted(answer.status_code for answer in answers) == [200, 200, 409]
    assert (await present(house, recovery))["state"] == "waiting"


@pytest.mark.parametrize("who", ["stranger", "member", "former guardian"])
async def test_only_guardians_of_the_time_decide(house: IdentityHouse, who: str) -> None:
    ring = await circle(house)
    voter = ring.member if who == "member" else await house.member()
    if who == "former guardian":
        voter = ring.guardians[0]
        others = [await house.member() for _ in range(2)]
        body = {"guardians": [handle_of(each) for each in others], "threshold": 2}
        await ring.member.act("PUT", GUARDIANS, body)
        await pass_delay(house)
        await sign_in_again(voter)
    recovery = await Asker(house).begin(handle_of(ring.member))
    vote = await voter.act("PUT", f"{RECOVERIES}/{recovery['id']}/vote", {"approves": True})
    assert told(vote) == (404, "recovery-not-found")


async def test_a_bearer_token_alone_neither_votes_nor_cancels(house: IdentityHouse) -> None:
    ring = await circle(house)
    recovery = await Asker(house).begin(handle_of(ring.member))
    path = f"{RECOVERIES}/{recovery['id']}"
    assert (await ring.guardians[0].ask("PUT", f"{path}/vote", {"approves": True})).status_code == 401
    assert (await ring.member.ask("DELETE", path)).status_code == 401
    assert (await present(house, recovery))["approvals_count"] == 0


async def test_guardians_whom_a_thief_names_do_not_decide_meanwhile(house: IdentityHouse) -> None:
    ring, asker = await circle(house), Asker(house)
    thief, friends = ring.member, [await house.member() for _ in range(2)]
    body = {"guardians": [handle_of(each) for each in friends], "threshold": 2}
    assert (await thief.act("PUT", GUARDIANS, body)).status_code == 200
    house.clock.advance(timedelta(days=1))
    await sign_in_again(*ring.guardians)
    recovery = await asker.begin(handle_of(thief))
    await ring.vote(recovery, 0, 1)
    await pass_delay(house)
    await sign_in_again(asker.person)
    assert asker.person.id == thief.id
    shown = (await asker.person.ask("GET", GUARDIANS)).json()
    assert {each["id"] for each in shown["present"]["guardians"]} == {str(each.id) for each in ring.guardians}
    assert shown["change"] is None


async def test_another_members_key_cancels_nothing(house: IdentityHouse) -> None:
    ring, other = await circle(house), await house.member()
    recovery = await Asker(house).begin(handle_of(ring.member))
    await ring.vote(recovery, 0, 1)
    assert told(await cancel_by_key(other, recovery)) == (403, "not-a-key-of-theirs")
    assert told(await other.act("DELETE", f"{RECOVERIES}/{recovery['id']}")) == (404, "recovery-not-found")
    assert (await present(house, recovery))["state"] == "waiting"


async def test_a_removed_key_cancels_nothing(house: IdentityHouse) -> None:
    ring, asker = await circle(house), Asker(house)
    recovery = await asker.begin(handle_of(ring.member))
    await ring.vote(recovery, 0, 1)
    await pass_delay(house)
    await sign_in_again(*ring.guardians)
    again = await Asker(house).begin(handle_of(ring.member))
    assert told(await cancel_by_key(ring.member, again)) == (403, "not-a-key-of-theirs")


async def test_a_nonce_is_used_up_by_who_asks_and_is_the_browsers_own(house: IdentityHouse) -> None:
    ring, asker = await circle(house), Asker(house)
    nonce = await asker.person.nonce()
    message = asker.person.message(nonce.nonce)
    key = {"wallet": {"message": message, "signature": asker.person.signature(message)}}
    body = {"member": "nobody-here"} | key
    stolen = await asker.post("/v1/auth/recoveries", body, (await asker.person.nonce()).cookie)
    assert told(stolen) == (401, "nonce-not-usable")
    first = await asker.post("/v1/auth/recoveries", body, nonce.cookie)
    assert told(first) == (409, "recovery-not-possible")
    again = await asker.post("/v1/auth/recoveries", body | {"member": handle_of(ring.member)}, nonce.cookie)
    assert told(again) == (401, "nonce-not-usable")


async def test_a_sign_in_of_a_live_key_asks_for_no_other_account(house: IdentityHouse) -> None:
    """What a member signs to sign in makes their key nobody else's."""
    ring, other = await circle(house), await house.member()
    nonce = await other.nonce()
    message = other.message(nonce.nonce)
    key = {"wallet": {"message": message, "signature": other.signature(message)}}
    asked = await Asker(house).post(
        "/v1/auth/recoveries", {"member": handle_of(ring.member)} | key, nonce.cookie
    )
    assert told(asked) == (409, "new-key-taken")


async def test_a_signature_of_another_wallet_is_refused(house: IdentityHouse) -> None:
    ring, asker, other = await circle(house), Asker(house), Asker(house)
    nonce = await asker.person.nonce()
    message = asker.person.message(nonce.nonce)
    key = {"wallet": {"message": message, "signature": other.person.signature(message)}}
    asked = await asker.post("/v1/auth/recoveries", {"member": handle_of(ring.member)} | key, nonce.cookie)
    assert told(asked) == (401, "wallet-signature-wrong")


async def test_what_cannot_be_recovered_is_told_alike(house: IdentityHouse) -> None:
    """No such member, a member without guardians, a wrong code: nobody learns which."""
    alone, ring = await house.member(), await circle(house)
    answers = [
        await Asker(house).ask("nobody-here"),
        await Asker(house).ask(handle_of(alone)),
        await Asker(house).ask(handle_of(ring.member), code="AAAAA-AAAAA-AAAAA-AAAAA-AAAAA-A"),
        await Asker(house).ask("nobody-here", code="AAAAA"),
    ]
    shown = [answer.json() for answer in answers]
    for each in shown:
        each.pop("trace_id", None)
        each.pop("instance", None)
    assert all(each == shown[0] for each in shown), shown


async def test_guesses_from_one_address_are_counted(house: IdentityHouse) -> None:
    ring, asker = await circle(house), Asker(house)
    refusals: set[str] = set()
    for _ in range(2 * house.settings.address_recoveries_max + 2):  # the window may end in between
        house.clock.advance(timedelta(seconds=20))
        nonce = await asker.person.nonce()
        message = asker.person.message(nonce.nonce)
        body = {
            "member": handle_of(ring.member),
            "wallet": {"message": message, "signature": asker.person.signature(message)},
            "code": "AAAAA",
        }
        async with house.http("198.51.100.77") as http:
            headers = {"cookie": f"guildhall_nonce={nonce.cookie}"}
            answer = await http.post("/v1/auth/recoveries", json=body, headers=headers)
        refusals.add(told(answer)[1])
    assert refusals == {"recovery-not-possible", "attempt-limit-reached"}


@pytest.mark.parametrize("keys", ["neither", "both"])
async def test_one_key_is_asked_for(house: IdentityHouse, keys: str) -> None:
    asker, other = Asker(house), PasskeyMember(house)
    nonce = await asker.person.nonce()
    message = asker.person.message(nonce.nonce)
    body: dict[str, object] = {"member": "ada"}
    if keys == "both":
        body["wallet"] = {"message": message, "signature": asker.person.signature(message)}
        body["passkey"] = other.made(nonce)
    assert (await asker.post("/v1/auth/recoveries", body, nonce.cookie)).status_code == 422


async def test_who_signs_in_while_the_account_is_being_locked_is_out_all_the_same(
    house: IdentityHouse,
) -> None:
    """Sign-ins and the last vote at the same time: no session outlives the lock."""
    ring = await circle(house)
    recovery = await Asker(house).begin(handle_of(ring.member))
    await ring.vote(recovery, 0)
    sign_ins = [ring.member.sign_in() for _ in range(6)]
    await asyncio.gather(*sign_ins, *(ring.vote(recovery, each) for each in (1,)), return_exceptions=True)
    assert (await present(house, recovery))["state"] == "waiting"
    living = await house.rows(
        "SELECT 1 FROM sessions WHERE member_id = $1 AND ended_at IS NULL", ring.member.id
    )
    assert living == []
