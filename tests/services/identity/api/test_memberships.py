"""Joining, inviting, leaving, coming back, and who sees whom."""

import asyncio
import json
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.identity.house import IdentityHouse, Member


async def invite(member: Member, union: dict[str, Any], **body: int) -> dict[str, Any]:
    response = await member.act("POST", f"/v1/unions/{union['id']}/invitations", body)
    assert response.status_code == 201, response.text
    return response.json()


async def leave(member: Member, union: dict[str, Any]) -> httpx.Response:
    return await member.act("DELETE", f"/v1/unions/{union['id']}/memberships/me")


def problem(response: httpx.Response) -> tuple[int, str]:
    return response.status_code, response.json()["type"].removeprefix("/problems/")


async def test_a_member_joins_openly_and_says_so_to_the_others(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Open")
    joined = await member.join(union)
    assert joined.status_code == 201
    body = joined.json()
    assert (body["state"], body["role"], body["version"]) == ("active", "member", 1)
    assert body["by_founder_invitation"] is False
    assert joined.headers["guildhall-event"].startswith("membership/")
    assert (await house.get(f"/v1/unions/{union['id']}")).json()["members_count"] == 2
    [row] = await house.rows(
        "SELECT data FROM outbox WHERE type = 'membership' AND key = $1", f"{union['id']}:{member.id}"
    )
    assert json.loads(row["data"])["charter_version"] == 1
    [log] = await house.rows(
        "SELECT act_right FROM act_log WHERE subject = $1",
        f"unions/{union['id']}/memberships/{member.id}",
    )
    assert log["act_right"] == "charter_acceptance"


async def test_joining_is_a_signed_act(house: IdentityHouse) -> None:
    union = await (await house.member()).found("Signed Joins")
    body = {"charter_version": 1, "charter_hash": union["charter_hash"]}
    member = await house.member()
    assert problem(await member.ask("POST", f"/v1/unions/{union['id']}/memberships", body)) == (
        401,
        "act-unsigned",
    )


async def test_joining_twice_is_refused_also_at_the_same_moment(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Twice")
    answers = await asyncio.gather(*(member.join(union) for _ in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409]
    assert problem(await member.join(union)) == (409, "already-member")
    assert (await house.get(f"/v1/unions/{union['id']}")).json()["members_count"] == 2


@pytest.mark.parametrize("stale", ["version", "hash"])
async def test_a_charter_that_is_not_in_force_cannot_be_accepted(house: IdentityHouse, stale: str) -> None:
    union = await (await house.member()).found("Stale")
    body = {
        "charter_version": 2 if stale == "version" else 1,
        "charter_hash": "0" * 64 if stale == "hash" else union["charter_hash"],
    }
    refused = await (await house.member()).act("POST", f"/v1/unions/{union['id']}/memberships", body)
    assert problem(refused) == (409, "charter-stale")
    assert refused.json()["charter_hash"] == union["charter_hash"]


@pytest.mark.parametrize(
    "body",
    [{}, {"charter_version": 1, "charter_hash": "x"}, {"charter_version": 0, "charter_hash": "0" * 64}],
)
async def test_a_malformed_acceptance_is_refused(house: IdentityHouse, body: dict[str, object]) -> None:
    union = await (await house.member()).found("Malformed")
    refused = await (await house.member()).act("POST", f"/v1/unions/{union['id']}/memberships", body)
    assert problem(refused) == (422, "malformed-body")


async def test_the_founders_own_invitation_is_flagged_a_members_is_not(house: IdentityHouse) -> None:
    founder, member, one, other = [await house.member() for _ in range(4)]
    union = await founder.found("Invited")
    await member.join(union)
    by_founder, by_member = await invite(founder, union), await invite(member, union)
    assert (by_founder["by_founder"], by_member["by_founder"]) == (True, False)
    assert (
        by_founder["link"] == f"https://guild.example/unions/{union['slug']}#invitation={by_founder['code']}"
    )
    assert (await one.join(union, by_founder["code"])).json()["by_founder_invitation"] is True
    assert (await other.join(union, by_member["code"])).json()["by_founder_invitation"] is False


async def test_an_invitation_shows_what_it_invites_to_and_its_code_is_not_stored(
    house: IdentityHouse,
) -> None:
    founder = await house.member()
    union = await founder.found("Shown")
    invitation = await invite(founder, union, uses_max=3)
    shown = (await house.get(f"/v1/unions/{union['slug']}/invitations/{invitation['code']}")).json()
    assert (shown["union_name"], shown["uses_left"], shown["by_founder"]) == ("Shown", 3, True)
    assert shown["invited_by"]["id"] == str(founder.id)
    [row] = await house.rows("SELECT code_hash FROM invitations WHERE id = $1", invitation["id"])
    assert invitation["code"].encode() not in row["code_hash"]


async def test_an_invitation_admits_as_many_as_it_says_also_at_the_same_moment(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Two Uses")
    invitation = await invite(founder, union, uses_max=2)
    members = [await house.member() for _ in range(5)]
    answers = await asyncio.gather(*(member.join(union, invitation["code"]) for member in members))
    assert sorted(answer.status_code for answer in answers) == [201, 201, 409, 409, 409]
    late = await (await house.member()).join(union, invitation["code"])
    assert problem(late) == (409, "invitation-used-up")
    assert (await house.get(f"/v1/unions/{union['id']}")).json()["members_count"] == 3


async def test_an_expired_invitation_is_refused(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Expired")
    invitation = await invite(founder, union, valid_seconds=5)
    house.clock.advance(timedelta(seconds=5))
    assert problem(await member.join(union, invitation["code"])) == (409, "invitation-expired")
    shown = await house.get(f"/v1/unions/{union['id']}/invitations/{invitation['code']}")
    assert problem(shown) == (409, "invitation-expired")


async def test_an_invitation_of_another_union_or_of_nobody_is_refused(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union, other = await founder.found("One Union"), await founder.found("Other Union")
    code = (await invite(founder, other))["code"]
    for wrong in (code, "A" * 22):
        assert problem(await member.join(union, wrong)) == (404, "invitation-not-found")
        shown = await house.get(f"/v1/unions/{union['id']}/invitations/{wrong}")
        assert problem(shown) == (404, "invitation-not-found")
    malformed = await house.get(f"/v1/unions/{union['id']}/invitations/short")
    assert problem(malformed) == (422, "malformed-body")


async def test_a_union_may_admit_by_invitation_alone(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Closed", parameters={"admission": "invitation"})
    assert problem(await member.join(union)) == (403, "invitation-required")
    assert (await member.join(union, (await invite(founder, union))["code"])).status_code == 201


async def test_only_members_invite_within_the_limits(house: IdentityHouse) -> None:
    founder, stranger = await house.member(), await house.member()
    union = await founder.found("Inviting")
    path = f"/v1/unions/{union['id']}/invitations"
    assert problem(await stranger.act("POST", path, {})) == (403, "not-a-member")
    assert problem(await founder.ask("POST", path, {})) == (401, "act-unsigned")
    assert problem(await founder.act("POST", path, {"uses_max": 1_001})) == (409, "invitation-limit")
    too_long = {"valid_seconds": house.settings.invitation_seconds_max + 1}
    assert problem(await founder.act("POST", path, too_long)) == (409, "invitation-limit")
    assert problem(await founder.act("POST", path, {"uses_max": 0})) == (422, "malformed-body")
    for _ in range(house.settings.invitations_per_member_max):
        await invite(founder, union)
    full = await founder.act("POST", path, {})
    assert (full.status_code, full.json()["bound"]) == (409, "invitations_out")


async def test_leaving_and_coming_back_are_versions_of_one_membership(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Back Again")
    first = (await member.join(union)).json()
    house.clock.advance(timedelta(seconds=10))
    left = await leave(member, union)
    assert (left.status_code, left.json()["state"], left.json()["version"]) == (200, "left", 2)
    again = await leave(member, union)
    assert (again.status_code, again.json()["version"]) == (200, 2)
    assert (await house.get(f"/v1/unions/{union['id']}")).json()["members_count"] == 1
    back = (await member.join(union)).json()
    assert (back["version"], back["first_joined_at"]) == (3, first["joined_at"])
    assert back["joined_at"] > first["joined_at"]
    versions = await house.rows(
        "SELECT data FROM outbox WHERE type = 'membership' AND key = $1 ORDER BY position",
        f"{union['id']}:{member.id}",
    )
    assert [json.loads(row["data"])["version"] for row in versions] == [1, 2, 3]


async def test_who_was_never_in_cannot_leave_and_has_no_membership(house: IdentityHouse) -> None:
    union = await (await house.member()).found("Never In")
    stranger = await house.member()
    assert problem(await leave(stranger, union)) == (403, "not-a-member")
    mine = await stranger.ask("GET", f"/v1/unions/{union['id']}/memberships/me")
    assert problem(mine) == (404, "membership-not-found")


async def test_leaving_is_a_signed_act(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Signed Leaving")
    unsigned = await founder.ask("DELETE", f"/v1/unions/{union['id']}/memberships/me")
    assert problem(unsigned) == (401, "act-unsigned")


@pytest.mark.parametrize("state", ["suspended", "expelled"])
async def test_who_was_put_out_does_not_come_back_by_joining(house: IdentityHouse, state: str) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Barred")
    await member.join(union)
    await house.rows(
        "UPDATE memberships SET state = $3 WHERE union_id = $1 AND member_id = $2 RETURNING 1",
        union["id"],
        member.id,
        state,
    )
    assert problem(await member.join(union)) == (403, "membership-barred")


async def test_the_founder_is_the_last_to_leave_and_the_union_ends_with_them(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Last One Out")
    await member.join(union)
    refused = await leave(founder, union)
    assert problem(refused) == (409, "founder-cannot-leave")
    assert "Hand the office over" in refused.json()["detail"]
    invitation = await invite(founder, union)
    await leave(member, union)
    assert (await leave(founder, union)).status_code == 200
    ended = (await house.get(f"/v1/unions/{union['id']}")).json()
    assert (ended["state"], ended["members_count"]) == ("dissolved", 0)
    assert problem(await member.join(union)) == (409, "union-dissolved")
    amended = await founder.act(
        "PATCH", f"/v1/unions/{union['id']}/charter", {"purpose": "P"}, **{"if-match": '"1"'}
    )
    assert problem(amended) == (409, "union-dissolved")
    assert problem(await founder.act("POST", f"/v1/unions/{union['id']}/invitations", {})) == (
        409,
        "union-dissolved",
    )
    shown = await house.get(f"/v1/unions/{union['id']}/invitations/{invitation['code']}")
    assert problem(shown) == (409, "union-dissolved")


async def test_the_founder_leaving_and_a_member_joining_at_once_leave_no_orphan(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Race To Leave")
    left, joined = await asyncio.gather(leave(founder, union), member.join(union))
    assert {left.status_code, joined.status_code} in ({200, 409}, {409, 201})


async def test_members_see_names_in_pages_and_outsiders_the_count(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Visible")
    members = [await house.member() for _ in range(4)]
    for member in members:
        await member.join(union)
    path = f"/v1/unions/{union['slug']}/memberships"
    outside = (await house.get(path)).json()
    assert outside == {"items": [], "next_cursor": None, "members_count": 5, "names_shown": False}
    stranger = await (await house.member()).ask("GET", path)
    assert stranger.json()["items"] == []
    seen: list[str] = []
    cursor = ""
    while True:
        page = (await founder.ask("GET", f"{path}?limit=2{cursor}")).json()
        seen += [row["member"]["id"] for row in page["items"]]
        if page["next_cursor"] is None:
            break
        cursor = f"&cursor={page['next_cursor']}"
    assert set(seen) == {str(founder.id), *(str(member.id) for member in members)}
    assert len(seen) == 5


async def test_the_charter_says_who_sees_names(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    union = await founder.found("Secret", parameters={"visibility_members": "nobody"})
    await member.join(union)
    listed = (await member.ask("GET", f"/v1/unions/{union['id']}/memberships")).json()
    assert (listed["items"], listed["members_count"], listed["names_shown"]) == ([], 2, False)


@pytest.mark.parametrize("cursor", ["x", "WyJhIiwiYiJd", "Wzk5OTk5OTk5OTk5OTk5OTk5OTksIngiXQ"])
async def test_a_cursor_of_another_list_is_refused(house: IdentityHouse, cursor: str) -> None:
    founder = await house.member()
    union = await founder.found("Cursors")
    refused = await founder.ask("GET", f"/v1/unions/{union['id']}/memberships?cursor={cursor}")
    assert problem(refused) == (400, "cursor-invalid")


async def test_services_are_told_states_as_the_events_say_them(house: IdentityHouse) -> None:
    founder = await house.member()
    union = await founder.found("Internal")
    for name in (union["id"], union["slug"]):
        told = (await house.as_service("market", "GET", f"/internal/unions/{name}")).json()
        assert (told["union_id"], told["version"], told["token_symbol"]) == (union["id"], 1, "INT")
    path = f"/internal/unions/{union['id']}/memberships"
    told = (await house.as_service("market", "GET", f"{path}/{founder.id}")).json()
    assert (told["role"], told["state"], told["version"]) == ("founder", "active", 1)
    stranger = await house.member()
    assert problem(await house.as_service("market", "GET", f"{path}/{stranger.id}")) == (
        404,
        "membership-not-found",
    )
    assert problem(await house.as_service("market", "GET", "/internal/unions/none-such")) == (
        404,
        "union-not-found",
    )


async def test_services_are_told_device_keys_with_their_certificates(house: IdentityHouse) -> None:
    member = await house.member()
    told = (await house.as_service("ledger", "GET", f"/internal/device-keys/{member.device_key_id}")).json()
    assert (told["member_id"], told["kind"], told["revoked_at"]) == (str(member.id), "ed25519", None)
    [certificate] = told["certificates"]
    assert certificate["issuer"] == member.wallet.address
    assert certificate["signature"] == member.signature(certificate["message"])
    unknown = await house.as_service("ledger", "GET", f"/internal/device-keys/{'A' * 43}")
    assert problem(unknown) == (404, "device-key-not-found")


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/internal/token-exchange"),
        ("GET", "/internal/unions/any"),
        ("GET", "/internal/unions/any/memberships/0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"),
        ("GET", f"/internal/device-keys/{'A' * 43}"),
    ],
)
async def test_members_and_strangers_are_not_told_what_services_are(
    house: IdentityHouse, method: str, path: str
) -> None:
    member = await house.member()
    assert problem(await member.ask(method, path)) == (403, "services-only")
    async with house.http() as http:
        assert (await http.request(method, path)).status_code == 401
