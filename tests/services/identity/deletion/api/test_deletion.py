"""The end of an account: said beforehand, waited for, taken back by any key, carried out to the end."""

from datetime import timedelta

import orjson

from chassis.erasure.erasing import ERASE_MEMBER
from services.identity.deletion.domain.deletion import GOES, STAYS
from tests.services.identity.deletion.erased import (
    PATH,
    ask,
    erase,
    pass_delay,
    pass_pause,
    run_timers,
    state_of,
)
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.recovery.lost import handle_of, notices_of, sign_in_again, told


async def test_it_is_said_beforehand_what_goes_what_stays_and_what_stands_in_the_way(
    house: IdentityHouse,
) -> None:
    member, other = await house.member(), await house.member()
    alone, shared = await member.found("Alone"), await member.found("Shared")
    await other.join(shared)
    said = (await member.ask("GET", PATH)).json()
    assert (said["state"], said["due_at"]) == ("none", None)
    assert said["goes"] == list(GOES)
    assert {one["what"]: one["why"] for one in said["stays"]} == dict(STAYS)
    assert (said["memberships_count"], said["keys_count"], said["devices_count"]) == (2, 1, 1)
    assert [union["slug"] for union in said["ends_with_me"]] == [alone["slug"]]
    [stands] = said["in_the_way"]
    assert (stands["what"], [union["slug"] for union in stands["unions"]]) == ("founder", [shared["slug"]])


async def test_a_founder_of_others_is_told_so_and_nothing_waits(house: IdentityHouse) -> None:
    founder, other = await house.member(), await house.member()
    union = await founder.found("Needed")
    await other.join(union)
    refused = await founder.act("POST", PATH)
    assert told(refused) == (409, "founder-of-others")
    assert union["slug"] in refused.json()["detail"]
    assert await house.rows("SELECT 1 FROM account_deletions WHERE member_id = $1", founder.id) == []


async def test_it_waits_is_told_and_any_device_takes_it_back(house: IdentityHouse) -> None:
    member = await house.member()
    asked = await ask(member)
    assert asked["state"] == "waiting"
    assert await ask(member) == asked, "a repeat changes nothing"
    other_device = Member(house, wallet=member.wallet)
    await sign_in_again(other_device)
    assert (await other_device.act("DELETE", PATH)).status_code == 204
    assert await notices_of(house, member.id) == ["account.deletion_asked", "account.deletion_cancelled"]
    await pass_delay(house)
    assert await state_of(house, member) == "cancelled"
    assert (await member.sign_in()).status_code == 201
    assert told(await member.act("DELETE", PATH)) == (404, "no-deletion")


async def test_nothing_happens_before_its_time(house: IdentityHouse) -> None:
    member = await house.member()
    await ask(member)
    await pass_delay(house, less_seconds=2)
    assert await state_of(house, member) == "waiting"
    house.clock.advance(timedelta(seconds=2))
    await run_timers(house)
    assert await state_of(house, member) == "erasing"


async def test_the_member_leaves_every_union_and_nobody_signs_in_any_more(house: IdentityHouse) -> None:
    member, founder = await house.member(), await house.member()
    unions = [await founder.found(f"Left {number}") for number in range(2)]
    own = await member.found("Ends with me")
    for union in unions:
        assert (await member.join(union)).status_code == 201
    office = await founder.act(
        "POST", f"/v1/unions/{unions[0]['id']}/offices", {"name": "Door", "rights": {"admit": None}}
    )
    if office.status_code == 201:
        await founder.act(
            "PUT", f"/v1/unions/{unions[0]['id']}/offices/{office.json()['id']}/holders/{member.id}", {}
        )
    await ask(member)
    await pass_delay(house)
    states = await house.rows("SELECT state FROM memberships WHERE member_id = $1", member.id)
    assert [row["state"] for row in states] == ["left"] * 3
    [ended] = await house.rows("SELECT state FROM unions WHERE id = $1::uuid", own["id"])
    assert ended["state"] == "dissolved"
    held = "SELECT 1 FROM office_holdings WHERE member_id = $1 AND ended_at IS NULL"
    assert await house.rows(held, member.id) == []
    live = "SELECT 1 FROM sessions WHERE member_id = $1 AND ended_at IS NULL"
    assert await house.rows(live, member.id) == []
    assert told(await member.sign_in()) == (403, "account-erasing")
    assert (await member.ask("GET", "/v1/me")).status_code == 401
    assert (await founder.sign_in()).status_code == 201
    assert (await founder.ask("GET", f"/v1/members/{member.id}")).status_code == 404
    await pass_pause(house)
    assert await state_of(house, member) == "done"


async def test_nothing_personal_is_left_and_the_id_is_all_that_stays(house: IdentityHouse) -> None:
    member = await house.member()
    wallet = member.wallet.address
    edit = {"handle": "zebedee-quill", "name": "Zebedee Quill", "bio": "Whittles.", "skills": ["law"]}
    assert (await member.ask("PATCH", "/v1/me", edit, **{"if-match": "*"})).status_code == 200
    await member.act("PUT", "/v1/me/encryption-key", {"public_key": "A" * 42 + "E"})
    await member.act("PATCH", f"/v1/me/wallets/{wallet.lower()}", {"name": "Cold store"})
    await erase(house, member)
    for table in await house.rows("SELECT tablename FROM pg_tables WHERE schemaname = 'public'"):
        for secret in (wallet[2:].lower(), "zebedee", "quill", "whittles", "cold store"):
            found = await house.rows(
                f"SELECT 1 FROM {table['tablename']} t "
                "WHERE position($1 in lower(t::text)) > 0 AND position($2 in t::text) > 0",
                secret,
                str(member.id),
            )
            assert found == [], (table["tablename"], secret)
    [row] = await house.rows("SELECT * FROM members WHERE id = $1", member.id)
    assert row["handle"].startswith("m-")
    assert (row["name"], row["bio"], row["links"]) == ("", "", [])
    acts = await house.rows("SELECT * FROM signed_acts WHERE member_id = $1", member.id)
    assert acts, "that they acted stays"
    assert {row["body"] for row in acts} == {b""}


async def test_the_event_says_the_id_alone_and_once(house: IdentityHouse) -> None:
    member = await house.member()
    await erase(house, member)
    [event] = await house.rows(
        "SELECT key, data FROM outbox WHERE type = 'member.erased' AND key = $1", str(member.id)
    )
    assert set(orjson.loads(event["data"])) == {"version", "member_id", "erased_at"}


async def test_the_same_wallet_is_a_new_member(house: IdentityHouse) -> None:
    member = await house.member()
    before = member.id
    await erase(house, member)
    again = Member(house, wallet=member.wallet)
    assert (await again.sign_in()).status_code == 201
    assert again.id != before
    old_device = Member(house, wallet=member.wallet, device=member.device)
    assert told(await old_device.sign_in())[1] in {"device-key-revoked", "device-key-taken"}


async def test_the_handle_is_nobodys_for_a_time_nor_what_looks_like_it(house: IdentityHouse) -> None:
    member = await house.member()
    await member.ask("PATCH", "/v1/me", {"handle": "corner-shop"}, **{"if-match": "*"})
    await erase(house, member)
    other = await house.member()
    for wanted in ("corner-shop", "c0rner-shop", "cornershop"):
        refused = await other.ask("PATCH", "/v1/me", {"handle": wanted}, **{"if-match": "*"})
        assert told(refused) == (409, "handle-taken"), wanted
    house.clock.advance(timedelta(seconds=house.settings.erased_handle_seconds + 1))
    await run_timers(house)
    await sign_in_again(other)
    taken = await other.ask("PATCH", "/v1/me", {"handle": "corner-shop"}, **{"if-match": "*"})
    assert taken.status_code == 200, taken.text


async def test_wards_are_told_and_nobody_names_who_is_gone(house: IdentityHouse) -> None:
    member, ward, other = [await house.member() for _ in range(3)]
    named = {"guardians": [handle_of(member), handle_of(other)], "threshold": 2}
    assert (await ward.act("PUT", "/v1/me/guardians", named)).status_code == 200
    await erase(house, member)
    assert "account.guardian_resigned" in await notices_of(house, ward.id)
    await sign_in_again(ward)
    for name in (handle_of(member), str(member.id)):
        again = await ward.act("PUT", "/v1/me/guardians", named | {"guardians": [name, handle_of(other)]})
        assert told(again) == (422, "guardian-unknown")


async def test_who_waits_for_admission_waits_no_more(house: IdentityHouse) -> None:
    member, founder = await house.member(), await house.member()
    union = await founder.found("By application", parameters={"admission": "application"})
    present = (await house.get(f"/v1/unions/{union['id']}")).json()
    body = {"charter_version": present["charter_version"], "charter_hash": present["charter_hash"]}
    applied = await member.act("POST", f"/v1/unions/{union['id']}/applications", body | {"answers": []})
    assert applied.status_code == 201, applied.text
    await erase(house, member)
    [row] = await house.rows("SELECT state, answers FROM applications WHERE applicant_id = $1", member.id)
    assert (row["state"], row["answers"]) == ("withdrawn", None)


async def test_no_notice_is_kept_for_who_is_gone(house: IdentityHouse) -> None:
    member = await house.member()
    await erase(house, member)
    assert await notices_of(house, member.id) == []
    left = await house.rows("SELECT 1 FROM timers WHERE kind = $1 AND key = $2", ERASE_MEMBER, str(member.id))
    assert left == []
