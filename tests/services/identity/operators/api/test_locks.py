"""A locked account: its sessions end, later ones read and have the exit rights alone, for a time."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.services.identity.exclusion.court import told, well
from tests.services.identity.operators.watch import DAY, GROUND, REASONS, Watch


async def test_sessions_end_and_the_next_one_has_the_exit_rights_alone(watch: Watch) -> None:
    operator, member = await watch.operator(), await watch.house.member()
    founder = await watch.house.member()
    union, other = await founder.found("Guild of Bolts"), await founder.found("Guild of Nuts")
    assert (await member.join(union)).status_code == 201
    before = member.session
    act = well(await watch.lock(operator, member))
    assert datetime.fromisoformat(act["until"]) == watch.house.clock.now() + timedelta(days=1)
    assert (act["power"], act["state"], act["ground"]) == ("lock_member", "in_force", GROUND)
    assert told(await watch.house.exchange(before["access_token"])) == (401, "session-ended")
    ended = await watch.house.rows(
        "SELECT s.ended_because, r.kind FROM sessions s JOIN revocations r ON r.subject = s.id::text "
        "WHERE s.member_id = $1",
        member.id,
    )
    assert [tuple(row) for row in ended] == [("operator_locked", "session")]
    assert not before["exits_only"]
    assert well(await member.sign_in())["exits_only"]
    for method, path, body in (
        ("POST", "/v1/unions", {"name": "Guild of Ways Round", "purpose": "None."}),
        ("POST", f"/v1/unions/{union['id']}/invitations", {}),
        ("POST", f"/v1/unions/{other['id']}/memberships", {"charter_version": 1, "charter_hash": "0" * 64}),
        ("PATCH", "/v1/me", {"name": "Another"}),
        ("POST", "/v1/me/passkeys", {}),
    ):
        assert told(await member.act(method, path, body)) == (403, "exits-only"), path
    assert (await member.ask("GET", f"/v1/unions/{union['id']}/memberships")).status_code == 200
    assert (await member.act("POST", "/v1/me/exports")).status_code in (200, 201)
    left = well(await member.act("DELETE", f"/v1/unions/{union['id']}/memberships/me"))
    assert left["state"] == "left"
    assert told(await member.join(union)) == (403, "exits-only")


async def test_it_ends_by_itself_and_a_refresh_brings_everything_back(watch: Watch) -> None:
    operator, member = await watch.operator(), await watch.house.member()
    act = well(await watch.lock(operator, member, DAY))
    session = well(await member.sign_in())

    async def refreshed(token: str) -> dict[str, object]:
        async with watch.house.http() as http:
            return well(await http.post("/v1/auth/refreshes", json={"refresh_token": token}))

    await watch.pass_time(DAY - 1)
    locked = await refreshed(session["refresh_token"])
    assert locked["exits_only"]
    await watch.pass_time(1)
    free = await refreshed(str(locked["refresh_token"]))
    assert not free["exits_only"]
    member.session = free
    await member.renew_internal_token()
    assert (
        await member.act("POST", "/v1/unions", {"name": "Guild of Dawn", "purpose": "P."})
    ).status_code == 201
    shown = well(await watch.house.get(f"/v1/operator-acts/{act['id']}"))
    assert shown["state"] == "over"
    assert told(await watch.undo(await watch.operator(), act)) == (409, "operator-act-over")
    again = well(await watch.lock(await watch.operator(), member))
    assert again["id"] != act["id"]


async def test_an_undoing_ends_it_and_both_are_told(watch: Watch) -> None:
    operator, other, member = await watch.operator(), await watch.operator(), await watch.house.member()
    act = well(await watch.lock(operator, member))
    assert told(await watch.lock(other, member)) == (409, "operator-act-in-force")
    undone = well(await watch.undo(other, act))
    assert (undone["state"], undone["undoing"]["reasons"]) == ("undone", REASONS)
    assert undone["undoing"]["operator"]["id"] == str(other.id)
    assert told(await watch.undo(other, act)) == (409, "operator-act-over")
    assert not well(await member.sign_in())["exits_only"]
    assert await watch.notices(member) == ["account.operator_locked", "account.operator_unlocked"]
    logged = await watch.house.rows(
        "SELECT actor, act_right, on_behalf_of FROM act_log WHERE subject = $1 ORDER BY 1",
        f"operator-acts/{act['id']}",
    )
    assert {tuple(row) for row in logged} == {
        (f"member:{by.id}", "operator", f"member:{member.id}") for by in (operator, other)
    }


async def test_who_signs_in_while_they_are_locked_gets_no_whole_session(watch: Watch) -> None:
    operator = await watch.operator()
    for _ in range(5):
        member = await watch.house.member()
        nonce = await member.nonce()
        locked, signed_in = await asyncio.gather(
            watch.lock(operator, member), member.present(member.message(nonce.nonce), nonce.cookie)
        )
        assert locked.status_code == 201, locked.text
        session = well(signed_in)
        answer = await watch.house.exchange(session["access_token"])
        assert session["exits_only"] or told(answer) == (401, "session-ended")


async def test_nobody_else_does_it_and_nobody_does_it_without_a_fresh_proof(watch: Watch) -> None:
    operator, member, stranger = (
        await watch.operator(),
        await watch.house.member(),
        await watch.house.member(),
    )
    assert told(await watch.lock(stranger, member)) == (403, "operator-only")
    act = well(await watch.lock(operator, member))
    assert told(await watch.undo(stranger, act)) == (403, "operator-only")
    former = await watch.operator()
    await watch.remove(former)
    assert told(await watch.undo(former, act)) == (403, "operator-only")
    assert (await operator.ask("POST", "/v1/operator-acts/member-locks", {})).status_code in (401, 422)
    await watch.pass_time(301)
    await operator.renew_internal_token()
    assert told(await watch.lock(operator, stranger)) == (401, "insufficient-user-authentication")
    assert told(await watch.undo(operator, act)) == (401, "insufficient-user-authentication")


async def test_whom_and_how_long_and_on_which_ground_it_may_not_be(watch: Watch) -> None:
    operator, other, member = await watch.operator(), await watch.operator(), await watch.house.member()
    handle = member.session["member"]["handle"]
    longest = watch.house.settings.operator_lock_seconds_max
    refused = await watch.lock(operator, member, longest + 1)
    assert told(refused) == (409, "lock-too-long")
    assert refused.json()["detail"] == "At most 30 days at once."
    assert told(await watch.lock(operator, other)) == (409, "operator-not-locked")
    assert told(await watch.lock(operator, operator)) == (403, "about-oneself")
    assert told(await watch.lock(operator, member, but={"member": "nobody-at-all"})) == (
        404,
        "member-not-found",
    )
    for ground in (f"It was @{handle}.", f"{handle.upper()}, again", str(member.id)):
        assert told(await watch.lock(operator, member, but={"ground": ground})) == (
            409,
            "ground-names-member",
        )
    well(await watch.lock(operator, member, longest))


@pytest.mark.parametrize("body", [{"lasts_seconds": 0}, {"ground": " "}, {"member": "a/b"}, {"more": 1}])
async def test_a_malformed_body_is_refused(watch: Watch, body: dict[str, Any]) -> None:
    operator, member = await watch.operator(), await watch.house.member()
    assert (await watch.lock(operator, member, but=body)).status_code == 422


async def test_two_operators_who_mean_each_other_are_both_refused(watch: Watch) -> None:
    one, other = await watch.operator(), await watch.operator()
    answers = await asyncio.gather(watch.lock(one, other), watch.lock(other, one))
    assert [told(answer) for answer in answers] == [(409, "operator-not-locked")] * 2
