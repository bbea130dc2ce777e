"""Coming back without a key: by guardians, through the delay, against cancellations, with either key."""

from datetime import datetime, timedelta
from typing import Any

import pytest

from services.identity.api.joined import Identity
from tests.services.identity.house import IdentityHouse, Member
from tests.services.identity.passkey_member import PasskeyMember
from tests.services.identity.recovery.lost import (
    RECOVERIES,
    Asker,
    Circle,
    cancel_by_key,
    circle,
    handle_of,
    notices_of,
    pass_delay,
    present,
    sign_in_again,
    told,
)


async def locked(house: IdentityHouse) -> tuple[Circle, Asker, dict[str, Any]]:
    ring, asker = await circle(house), Asker(house)
    recovery = await asker.begin(handle_of(ring.member))
    for vote in await ring.vote(recovery, 0, 1):
        assert vote.status_code == 200, vote.text
    return ring, asker, recovery


@pytest.mark.parametrize("by_passkey", [False, True])
async def test_guardians_bring_back_who_has_lost_every_key(house: IdentityHouse, by_passkey: bool) -> None:
    ring, asker = await circle(house), Asker(house, by_passkey)
    recovery = await asker.begin(handle_of(ring.member), greeting="It is me, call me.")
    assert (recovery["state"], recovery["needed_count"], recovery["waits_until"]) == ("asked", 2, None)
    [shown] = (await ring.guardians[0].ask("GET", RECOVERIES)).json()["items"]
    assert (shown["member"]["id"], shown["greeting"]) == (str(ring.member.id), "It is me, call me.")
    assert (shown["fingerprint"], shown["is_own"], shown["own_vote"]) == (
        recovery["fingerprint"],
        False,
        None,
    )
    [first] = await ring.vote(recovery, 0)
    assert first.json() == {"state": "asked"}
    assert (await present(house, recovery))["approvals_count"] == 1
    [second] = await ring.vote(recovery, 2)
    assert second.json() == {"state": "waiting"}
    waiting = await present(house, recovery)
    assert waiting["locks"] is True
    assert told(await asker.person.sign_in())[1] == "key-awaits-recovery"
    await pass_delay(house)
    assert (await present(house, recovery))["state"] == "done"
    await sign_in_again(asker.person)
    assert asker.person.id == ring.member.id
    assert told(await ring.member.sign_in()) == (403, "key-removed")
    kinds = await notices_of(house, ring.member.id)
    assert kinds[-3:] == ["account.recovery_by_guardians", "account.locked", "account.recovered"]
    assert (await notices_of(house, ring.guardians[1].id))[-2:] == ["guardian.asked", "guardian.recovered"]


async def test_the_account_is_locked_at_once(house: IdentityHouse) -> None:
    ring, asker = await circle(house), Asker(house)
    recovery = await asker.begin(handle_of(ring.member))
    await ring.vote(recovery, 0)
    assert (await ring.member.ask("GET", "/v1/me")).status_code == 200
    await ring.vote(recovery, 1)
    assert (await house.exchange(ring.member.session["access_token"])).status_code != 200
    refused = await ring.member.sign_in()
    assert told(refused) == (403, "account-locked")
    assert refused.json()["recovery_id"] == recovery["id"]
    waits_until = house.clock.now() + timedelta(seconds=house.settings.recovery_delay_seconds)
    assert datetime.fromisoformat(refused.json()["waits_until"]) == waits_until
    rows = await house.rows(
        "SELECT kind FROM revocations WHERE member_id = $1 ORDER BY number", ring.member.id
    )
    assert {row["kind"] for row in rows} == {"session"}


async def test_old_devices_sessions_codes_and_changes_are_gone_once_it_is_done(house: IdentityHouse) -> None:
    ring = await circle(house)
    await ring.member.act("POST", "/v1/me/recovery-codes")
    body = {"guardians": [handle_of(each) for each in ring.guardians], "threshold": 3}
    asker = Asker(house)
    recovery = await asker.begin(handle_of(ring.member))
    await ring.member.act("PUT", "/v1/me/guardians", body)
    await ring.vote(recovery, 0, 1)
    await pass_delay(house)
    await sign_in_again(asker.person)
    assert not await house.rows("SELECT 1 FROM recovery_codes WHERE member_id = $1", ring.member.id)
    assert (await asker.person.ask("GET", "/v1/me/guardians")).json()["change"] is None
    devices = (await asker.person.ask("GET", "/v1/me/devices")).json()["items"]
    assert [each["key_id"] for each in devices] == [asker.person.device_key_id]
    kinds = [
        row["kind"]
        for row in await house.rows("SELECT kind FROM revocations WHERE member_id = $1", ring.member.id)
    ]
    assert "device_key" in kinds


async def test_before_the_delay_is_over_nothing_changes(house: IdentityHouse) -> None:
    _, asker, recovery = await locked(house)
    await pass_delay(house, less_seconds=1)
    assert (await present(house, recovery))["state"] == "waiting"
    assert told(await asker.person.sign_in()) == (409, "key-awaits-recovery")


async def test_a_live_key_cancels_and_signs_in_again(house: IdentityHouse) -> None:
    ring, asker, recovery = await locked(house)
    cancelled = await cancel_by_key(ring.member, recovery)
    assert cancelled.status_code == 201, cancelled.text
    assert cancelled.json()["state"] == "cancelled"
    await sign_in_again(ring.member)
    await pass_delay(house)
    assert (await present(house, recovery))["state"] == "cancelled"
    assert told(await asker.person.sign_in()) == (409, "key-awaits-recovery")
    assert (await notices_of(house, ring.guardians[2].id))[-1] == "guardian.cancelled"
    assert told(await cancel_by_key(ring.member, recovery)) == (409, "recovery-over")


async def test_a_passkey_cancels_too(house: IdentityHouse) -> None:
    member = PasskeyMember(house)
    await sign_in_again(member)
    guardians = [await house.member() for _ in range(2)]
    await member.act(
        "PUT", "/v1/me/guardians", {"guardians": [handle_of(each) for each in guardians], "threshold": 2}
    )
    await pass_delay(house)
    await sign_in_again(*guardians)
    recovery = await Asker(house).begin(handle_of(member))
    for guardian in guardians:
        await guardian.act("PUT", f"{RECOVERIES}/{recovery['id']}/vote", {"approves": True})
    assert told(await member.sign_in()) == (403, "account-locked")
    assert (await cancel_by_key(member, recovery)).status_code == 201
    await sign_in_again(member)


async def test_all_guardians_but_one_override_a_thief_who_cancels(house: IdentityHouse) -> None:
    ring, asker = await circle(house, count=4, threshold=2), Asker(house)
    thief = ring.member
    recovery = await asker.begin(handle_of(ring.member))
    await ring.vote(recovery, 0, 1)
    assert (await cancel_by_key(thief, recovery)).status_code == 201
    await sign_in_again(thief)
    answers = await ring.vote(recovery, 0, 1, 3)
    assert [answer.json()["state"] for answer in answers] == ["cancelled", "cancelled", "waiting"]
    assert (await present(house, recovery))["is_final"] is True
    assert told(await cancel_by_key(thief, recovery)) == (409, "recovery-final")
    assert told(await thief.sign_in()) == (403, "account-locked")
    await pass_delay(house)
    await sign_in_again(asker.person)
    assert asker.person.id == thief.id
    assert told(await thief.sign_in()) == (403, "key-removed")


async def test_a_session_cancels_what_is_asked(house: IdentityHouse) -> None:
    ring = await circle(house)
    recovery = await Asker(house).begin(handle_of(ring.member))
    [shown] = (await ring.member.ask("GET", RECOVERIES)).json()["items"]
    assert shown["is_own"] is True
    assert (await ring.member.act("DELETE", f"{RECOVERIES}/{recovery['id']}")).status_code == 204
    assert (await present(house, recovery))["state"] == "cancelled"


async def test_guardians_who_say_no_end_it_and_the_key_is_free(house: IdentityHouse) -> None:
    ring, stranger = await circle(house), Asker(house)
    recovery = await stranger.begin(handle_of(ring.member))
    answers = await ring.vote(recovery, 0, 1, approves=False)
    assert [answer.json()["state"] for answer in answers] == ["asked", "refused"]
    assert told((await ring.vote(recovery, 2))[0]) == (409, "recovery-over")
    assert (await notices_of(house, ring.member.id))[-1] == "account.recovery_refused"
    await sign_in_again(stranger.person)
    assert stranger.person.id != ring.member.id


async def test_one_that_nobody_decides_expires_and_frees_its_key(house: IdentityHouse) -> None:
    ring, stranger = await circle(house), Asker(house)
    recovery = await stranger.begin(handle_of(ring.member))
    house.clock.advance(timedelta(seconds=house.settings.recovery_open_seconds))
    assert (await present(house, recovery))["state"] == "expired"
    await sign_in_again(ring.guardians[0], stranger.person)
    assert (await ring.guardians[0].ask("GET", RECOVERIES)).json()["items"] == []
    assert told((await ring.vote(recovery, 0))[0]) == (409, "recovery-over")


async def test_the_one_that_is_done_ends_the_others(house: IdentityHouse) -> None:
    ring, asker, stranger = await circle(house), Asker(house), Asker(house)
    other = await stranger.begin(handle_of(ring.member))
    recovery = await asker.begin(handle_of(ring.member))
    await ring.vote(recovery, 0, 1)
    assert told((await ring.vote(other, 0, 1))[1]) == (409, "another-recovery-waits")
    await pass_delay(house)
    assert (await present(house, other))["state"] == "refused"


async def test_so_many_recoveries_of_a_member_are_open(house: IdentityHouse) -> None:
    ring = await circle(house)
    identity: Identity = house.app.state.identity
    before = identity.settings
    object.__setattr__(identity, "settings", before.model_copy(update={"recoveries_open_max": 3}))
    try:
        for _ in range(3):
            await Asker(house).begin(handle_of(ring.member))
        refused = await Asker(house).ask(handle_of(ring.member))
    finally:
        object.__setattr__(identity, "settings", before)
    assert told(refused) == (409, "recoveries-open-reached")
    asked = [kind for kind in await notices_of(house, ring.guardians[0].id) if kind == "guardian.asked"]
    assert len(asked) == 1, "told once, however many ask"


async def test_a_former_handle_and_an_id_find_the_account(house: IdentityHouse) -> None:
    ring = await circle(house)
    former = handle_of(ring.member)
    etag = (await ring.member.ask("GET", "/v1/me")).headers["etag"]
    await ring.member.ask("PATCH", "/v1/me", {"handle": f"new-{former}"[:30]}, **{"if-match": etag})
    for name in (former, str(ring.member.id)):
        recovery = await Asker(house).begin(name)
        [shown] = [
            each
            for each in (await ring.guardians[0].ask("GET", RECOVERIES)).json()["items"]
            if each["id"] == recovery["id"]
        ]
        assert shown["member"]["id"] == str(ring.member.id)


async def test_nobody_else_sees_it_and_its_view_names_nobody(house: IdentityHouse) -> None:
    ring = await circle(house)
    recovery = await Asker(house).begin(handle_of(ring.member), greeting="secret words")
    stranger = await house.member()
    assert (await stranger.ask("GET", RECOVERIES)).json()["items"] == []
    public = await house.get(f"/v1/auth/recoveries/{recovery['id']}")
    for private in ("secret words", handle_of(ring.member), str(ring.member.id)):
        assert private not in public.text


async def test_a_key_of_somebodys_is_not_asked_for(house: IdentityHouse) -> None:
    ring, other = await circle(house), await house.member()
    asker = Asker(house)
    asker.person = Member(house, wallet=other.wallet)
    assert told(await asker.ask(handle_of(ring.member))) == (409, "new-key-taken")
    asker.person = Member(house)
    await asker.begin(handle_of(ring.member))
    assert told(await asker.ask(handle_of(ring.member))) == (409, "new-key-taken")
