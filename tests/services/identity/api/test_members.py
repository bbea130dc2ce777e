"""Profiles: read by id, handle and former handle; edited by their member under If-Match."""

import asyncio
from uuid import UUID

import pytest

from tests.services.identity.house import IdentityHouse, Member


async def edit(member: Member, **wanted: str) -> None:
    present = await member.ask("GET", "/v1/me")
    response = await member.ask("PATCH", "/v1/me", wanted, **{"if-match": present.headers["etag"]})
    assert response.status_code == 200, response.text


def fresh_handle(member: Member) -> str:
    return f"h-{member.id.hex[-20:]}"


async def test_a_member_sees_and_edits_their_profile(house: IdentityHouse) -> None:
    member = await house.member()
    seen = await member.ask("GET", "/v1/me")
    assert seen.json()["handle"] == member.session["member"]["handle"]
    assert seen.json()["device_key_id"] == member.device_key_id
    edited = await member.ask(
        "PATCH",
        "/v1/me",
        {"name": "Ada Lima", "bio": "Draws.\nWrites."},
        **{"if-match": seen.headers["etag"]},
    )
    assert edited.status_code == 200
    assert edited.headers["etag"] != seen.headers["etag"]
    assert (await member.ask("GET", "/v1/me")).json() == edited.json()
    assert edited.json()["bio"] == "Draws.\nWrites."


async def test_an_edit_needs_the_version_that_was_read(house: IdentityHouse) -> None:
    member = await house.member()
    without = await member.ask("PATCH", "/v1/me", {"name": "Ada"})
    assert (without.status_code, without.json()["type"]) == (428, "/problems/precondition-required")
    stale = await member.ask("PATCH", "/v1/me", {"name": "Ada"}, **{"if-match": '"9"'})
    assert (stale.status_code, stale.json()["etag"]) == (412, '"1"')


async def test_of_two_edits_at_once_one_is_told(house: IdentityHouse) -> None:
    member = await house.member()
    answers = await asyncio.gather(
        *(member.ask("PATCH", "/v1/me", {"name": f"Ada {n}"}, **{"if-match": '"1"'}) for n in range(4))
    )
    assert sorted(answer.status_code for answer in answers) == [200, 412, 412, 412]


@pytest.mark.parametrize(
    ("body", "status", "problem"),
    [
        ({"handle": "admin"}, 400, "handle-refused"),
        ({"handle": "a b"}, 400, "handle-refused"),
        ({"name": "Ada\nAdmin"}, 422, "malformed-body"),
        ({"name": "x" * 81}, 422, "malformed-body"),
        ({"bio": "null\x00"}, 422, "malformed-body"),
        ({"id": "0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"}, 422, "malformed-body"),
        ({"version": 7}, 422, "malformed-body"),
    ],
)
async def test_an_edit_outside_the_rules_is_refused(
    house: IdentityHouse, body: dict[str, object], status: int, problem: str
) -> None:
    member = await house.member()
    refused = await member.ask("PATCH", "/v1/me", body, **{"if-match": '"1"'})
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{problem}")


async def test_a_handle_once_had_is_never_given_to_another_but_can_be_taken_back(
    house: IdentityHouse,
) -> None:
    member, other = await house.member(), await house.member()
    first, second = fresh_handle(member), fresh_handle(other)
    await edit(member, handle=first)
    await edit(member, handle=second)
    for handle in (first, second):
        refused = await other.ask("PATCH", "/v1/me", {"handle": handle}, **{"if-match": '"1"'})
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/handle-taken")
    await edit(member, handle=first)
    found = await other.ask("GET", f"/v1/members/{second.upper()}")
    assert (found.json()["id"], found.json()["handle"]) == (str(member.id), first)


async def test_a_member_is_found_by_id_and_handle(house: IdentityHouse) -> None:
    member, reader = await house.member(), await house.member()
    by_id = await reader.ask("GET", f"/v1/members/{member.id}")
    by_handle = await reader.ask("GET", f"/v1/members/{member.session['member']['handle']}")
    assert by_id.json() == by_handle.json()
    shown = {"id", "handle", "name", "bio", "skills", "links", "avatar", "encryption_key"}
    assert set(by_id.json()) == shown


@pytest.mark.parametrize("name", ["nobody-here", "0193e0c2-7c1f-7d6b-9a8c-5f2d3b1a4e6f"])
async def test_nobody_is_not_found(house: IdentityHouse, name: str) -> None:
    refused = await (await house.member()).ask("GET", f"/v1/members/{name}")
    assert (refused.status_code, refused.json()["type"]) == (404, "/problems/member-not-found")


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/v1/me"), ("PATCH", "/v1/me"), ("GET", "/v1/me/memberships"), ("GET", "/v1/members/ada")],
)
async def test_who_is_not_signed_in_sees_no_profile(house: IdentityHouse, method: str, path: str) -> None:
    async with house.http() as http:
        refused = await http.request(method, path, json={})
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/unauthenticated")


async def test_a_member_lists_their_unions_in_pages(house: IdentityHouse) -> None:
    member = await house.member()
    founded = [await member.found(f"Pages {number}") for number in range(3)]
    first = (await member.ask("GET", "/v1/me/memberships?limit=2")).json()
    rest = (await member.ask("GET", f"/v1/me/memberships?limit=2&cursor={first['next_cursor']}")).json()
    listed = [row["union_id"] for row in first["items"] + rest["items"]]
    assert listed == sorted(union["id"] for union in founded)
    assert rest["next_cursor"] is None
    assert {row["role"] for row in first["items"]} == {"founder"}


async def test_members_are_named_together(house: IdentityHouse) -> None:
    asking, other = await house.member(), await house.member()
    nobody = "01987a5e-7b1c-7d52-9a3f-2f60b0d5c111"
    named = await asking.ask("GET", f"/v1/members?ids={other.id},{nobody},{asking.id}")
    assert named.status_code == 200, named.text
    assert [each["id"] for each in named.json()["items"]] == sorted([str(asking.id), str(other.id)])


@pytest.mark.parametrize("ids", ["", "ada", ",", ",".join([str(UUID(int=0))] * 101)])
async def test_what_names_no_members_is_refused(house: IdentityHouse, ids: str) -> None:
    assert (await (await house.member()).ask("GET", f"/v1/members?ids={ids}")).status_code == 422
