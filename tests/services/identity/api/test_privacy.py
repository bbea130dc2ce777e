"""Who sees what of a profile: each part as its member said, by every read that shows one."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import pytest

from tests.services.identity.house import IdentityHouse, Member

KEY = "hSDwCYkwp1R0i33ctD73Wg2_Og0mOBr066SpjqqbTmo"
SAID: dict[str, Any] = {
    "name": "Ada Lima",
    "bio": "Draws.",
    "skills": ["drawing", "translation"],
    "links": ["https://ada.example/work"],
}
NOTHING: dict[str, Any] = {
    "name": "",
    "bio": "",
    "skills": [],
    "links": [],
    "avatar": None,
    "encryption_key": None,
}


async def edit(member: Member, **wanted: object) -> httpx.Response:
    return await member.ask("PATCH", "/v1/me", wanted, **{"if-match": "*"})


@dataclass(slots=True)
class Circle:
    """A member who has said all that there is, somebody of their union, and a stranger."""

    house: IdentityHouse
    member: Member
    neighbour: Member
    stranger: Member
    union: dict[str, Any]

    async def seen_by(self, reader: Member) -> dict[str, Any]:
        by_handle = await reader.ask("GET", f"/v1/members/{self.member.id}")
        named = await reader.ask("GET", f"/v1/members?ids={self.member.id}")
        assert named.json()["items"] == [by_handle.json()], "one rule for both reads"
        return by_handle.json()


@pytest.fixture
async def circle(house: IdentityHouse) -> Circle:
    member, neighbour, stranger = [await house.member() for _ in range(3)]
    assert (await edit(member, **SAID)).status_code == 200
    put = await member.act("PUT", "/v1/me/encryption-key", {"public_key": KEY})
    assert put.status_code == 200, put.text
    union = await member.found("Circle")
    invitation = (await member.act("POST", f"/v1/unions/{union['id']}/invitations", {"uses_max": 5})).json()
    assert (await neighbour.join(union, invitation["code"])).status_code == 201
    return Circle(house, member, neighbour, stranger, union)


async def test_without_a_word_members_of_a_union_see_all_and_strangers_the_name(circle: Circle) -> None:
    seen = await circle.seen_by(circle.neighbour)
    assert {part: seen[part] for part in SAID} == SAID
    assert seen["encryption_key"] == KEY
    of_stranger = await circle.seen_by(circle.stranger)
    assert {part: of_stranger[part] for part in NOTHING} == NOTHING | {"name": "Ada Lima"}


@pytest.mark.parametrize("part", sorted(NOTHING.keys() - {"avatar"}))
async def test_each_part_is_for_whom_its_member_said(circle: Circle, part: str) -> None:
    member = circle.member
    for said, neighbour_sees, stranger_sees in (
        ("public", True, True),
        ("unions", True, False),
        ("nobody", False, False),
    ):
        edited = await edit(member, privacy={part: said})
        assert edited.json()["privacy"][part] == said
        for reader, sees in ((circle.neighbour, neighbour_sees), (circle.stranger, stranger_sees)):
            seen = await circle.seen_by(reader)
            assert (seen[part] != NOTHING[part]) is sees, f"{part} for {said}"
        own = (await member.ask("GET", "/v1/me")).json()
        assert own[part] != NOTHING[part], "one sees one's own"


async def test_who_has_left_is_a_stranger_again(circle: Circle) -> None:
    await edit(circle.member, privacy={"name": "unions"})
    assert (await circle.seen_by(circle.neighbour))["name"] == "Ada Lima"
    left = await circle.neighbour.act("DELETE", f"/v1/unions/{circle.union['id']}/memberships/me")
    assert left.status_code == 200, left.text
    seen = await circle.seen_by(circle.neighbour)
    assert (seen["name"], seen["bio"], seen["skills"]) == ("", "", [])


async def names_in(circle: Circle, reader: Member, query: str = "") -> dict[str, str]:
    listed = await reader.ask("GET", f"/v1/unions/{circle.union['id']}/memberships?{query}")
    assert listed.status_code == 200, listed.text
    return {row["member"]["id"]: row["member"]["name"] for row in listed.json()["items"]}


@pytest.mark.parametrize("by", ["", "handle={handle}", "skill=drawing"])
async def test_member_lists_hide_a_name_that_is_hidden(circle: Circle, by: str) -> None:
    handle = (await circle.member.ask("GET", "/v1/me")).json()["handle"]
    query, member = by.format(handle=handle), str(circle.member.id)
    await edit(circle.member, privacy={"name": "unions"})
    assert (await names_in(circle, circle.neighbour, query))[member] == "Ada Lima"
    await edit(circle.member, privacy={"name": "nobody"})
    assert (await names_in(circle, circle.neighbour, query))[member] == ""


async def test_an_open_member_list_shows_strangers_public_names_and_skills_alone(circle: Circle) -> None:
    path = f"/v1/unions/{circle.union['id']}/charter"
    charter = await circle.member.ask("GET", path)
    body = {"parameters": {"visibility_members": "public"}}
    opened = await circle.member.act("PATCH", path, body, **{"if-match": charter.headers["etag"]})
    assert opened.status_code == 200, opened.text
    member, stranger = str(circle.member.id), circle.stranger
    assert (await names_in(circle, stranger))[member] == "Ada Lima"
    assert member not in await names_in(circle, stranger, "skill=drawing"), "shown to unions alone"
    await edit(circle.member, privacy={"name": "unions", "skills": "public"})
    assert await names_in(circle, stranger, "skill=drawing") == {member: ""}
    as_nobody = await circle.house.get(f"/v1/unions/{circle.union['id']}/memberships", skill="drawing")
    assert [row["member"]["name"] for row in as_nobody.json()["items"]] == [""]


async def test_a_hidden_skill_finds_nobody(circle: Circle) -> None:
    member = str(circle.member.id)
    handle = (await circle.member.ask("GET", "/v1/me")).json()["handle"]
    for query in ("skill=drawing", f"handle={handle}&skill=drawing"):
        await edit(circle.member, privacy={"skills": "unions"})
        assert member in await names_in(circle, circle.neighbour, query)
        assert member not in await names_in(circle, circle.neighbour, query.replace("drawing", "law"))
        await edit(circle.member, privacy={"skills": "nobody"})
        assert member not in await names_in(circle, circle.neighbour, query)


async def test_an_invitation_shows_the_name_that_anybody_may_see(circle: Circle) -> None:
    path = f"/v1/unions/{circle.union['id']}/invitations"
    code = (await circle.member.act("POST", path, {})).json()["code"]
    assert (await circle.house.get(f"{path}/{code}")).json()["invited_by"]["name"] == "Ada Lima"
    await edit(circle.member, privacy={"name": "unions"})
    assert (await circle.house.get(f"{path}/{code}")).json()["invited_by"]["name"] == ""


async def test_wards_and_guardians_hide_a_name_from_who_is_not_to_see_it(circle: Circle) -> None:
    """A guardian may be of no union of one's own: the handle tells them whom to help."""
    ward, guardian = circle.member, circle.stranger
    both = [str(guardian.id), str(circle.neighbour.id)]
    named = await ward.act("PUT", "/v1/me/guardians", {"guardians": both, "threshold": 2})
    assert named.status_code == 200, named.text
    circle.house.clock.advance(timedelta(seconds=circle.house.settings.recovery_delay_seconds))
    for person in (ward, guardian, circle.neighbour):
        await person.sign_in()
    [own] = (await guardian.ask("GET", "/v1/me/wards")).json()["items"]
    assert own["member"]["name"] == "Ada Lima"
    await edit(ward, privacy={"name": "unions"})
    [own] = (await guardian.ask("GET", "/v1/me/wards")).json()["items"]
    assert own["member"]["name"] == ""
    [own] = (await circle.neighbour.ask("GET", "/v1/me/wards")).json()["items"]
    assert own["member"]["name"] == "Ada Lima"
    await edit(guardian, name="Grace", privacy={"name": "nobody"})
    shown = (await ward.ask("GET", "/v1/me/guardians")).json()["present"]["guardians"]
    assert {each["name"] for each in shown} == {""}


async def test_hidden_parts_look_as_if_never_said(circle: Circle) -> None:
    silent = await circle.house.member()
    everything = dict.fromkeys(NOTHING, "nobody")
    await edit(circle.member, privacy=everything)
    hidden = await circle.seen_by(circle.stranger)
    never = (await circle.stranger.ask("GET", f"/v1/members/{silent.id}")).json()
    assert {part: hidden[part] for part in NOTHING} == {part: never[part] for part in NOTHING}
    for member in (circle.member, silent):
        refused = await circle.stranger.ask("GET", f"/v1/members/{member.id}/encryption-key")
        assert (refused.status_code, refused.json()["type"]) == (404, "/problems/encryption-key-not-found")


@pytest.mark.parametrize("privacy", [{"handle": "nobody"}, {"name": "friends"}, {"version": "public"}])
async def test_what_is_no_part_or_no_circle_is_refused(house: IdentityHouse, privacy: dict[str, str]) -> None:
    refused = await edit(await house.member(), privacy=privacy)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed-body")
