"""Members found by the beginning of their handle, as far as the charter shows names."""

from typing import Any

import pytest

from tests.services.identity.house import IdentityHouse, Member


async def named(house: IdentityHouse, handle: str) -> Member:
    member = await house.member()
    response = await member.ask("PATCH", "/v1/me", {"handle": handle}, **{"if-match": '"1"'})
    assert response.status_code == 200, response.text
    return member


async def guild(house: IdentityHouse, mark: str) -> tuple[Member, dict[str, Any]]:
    """A founder with three members; the handles begin with the mark."""
    founder = await named(house, f"{mark}-founder")
    union = await founder.found(f"Search {mark}", slug=f"search-{mark}")
    for handle in ("ada", "adele", "bo"):
        assert (await (await named(house, f"{mark}-{handle}")).join(union)).status_code == 201
    return founder, union


async def found(who: Member, union: dict[str, Any], query: str) -> dict[str, Any]:
    response = await who.ask("GET", f"/v1/unions/{union['id']}/memberships?{query}")
    assert response.status_code == 200, response.text
    return response.json()


def handles(answer: dict[str, Any]) -> list[str]:
    return [row["member"]["handle"] for row in answer["items"]]


async def test_members_are_found_by_the_beginning_of_their_handle(house: IdentityHouse) -> None:
    founder, union = await guild(house, "m1")
    assert handles(await found(founder, union, "handle=m1-ad")) == ["m1-ada", "m1-adele"]
    assert handles(await found(founder, union, "handle=M1-ADA")) == ["m1-ada"]
    assert handles(await found(founder, union, "handle=m1-")) == ["m1-ada", "m1-adele", "m1-bo", "m1-founder"]
    nobody = await found(founder, union, "handle=m1-z")
    assert (nobody["items"], nobody["members_count"]) == ([], 4)


async def test_pages_follow_one_another(house: IdentityHouse) -> None:
    founder, union = await guild(house, "m2")
    first = await found(founder, union, "handle=m2-&limit=3")
    rest = await found(founder, union, f"handle=m2-&limit=3&cursor={first['next_cursor']}")
    assert handles(first) + handles(rest) == ["m2-ada", "m2-adele", "m2-bo", "m2-founder"]
    assert rest["next_cursor"] is None


async def test_who_has_left_or_is_of_another_union_is_not_found(house: IdentityHouse) -> None:
    founder, union = await guild(house, "m3")
    leaver = await named(house, "m3-adam")
    assert (await leaver.join(union)).status_code == 201
    assert (await leaver.act("DELETE", f"/v1/unions/{union['id']}/memberships/me")).status_code == 200
    await named(house, "m3-adrian")
    assert handles(await found(founder, union, "handle=m3-ad")) == ["m3-ada", "m3-adele"]


async def test_who_may_not_see_names_finds_none(house: IdentityHouse) -> None:
    _, union = await guild(house, "m4")
    outsider = await house.member()
    answer = await found(outsider, union, "handle=m4-ad")
    assert (answer["items"], answer["names_shown"], answer["members_count"]) == ([], False, 4)


@pytest.mark.parametrize("prefix", ["", "a%25", "a_b", "x" * 31, "%C3%A9"])
async def test_what_no_handle_begins_with_is_refused(house: IdentityHouse, prefix: str) -> None:
    founder = await house.member()
    union = await founder.found("Prefixes")
    refused = await founder.ask("GET", f"/v1/unions/{union['id']}/memberships?handle={prefix}")
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/malformed-body")


async def test_a_cursor_of_the_whole_list_is_refused(house: IdentityHouse) -> None:
    founder, union = await guild(house, "m5")
    cursor = (await found(founder, union, "limit=1"))["next_cursor"]
    refused = await founder.ask("GET", f"/v1/unions/{union['id']}/memberships?handle=m5-&cursor={cursor}")
    assert (refused.status_code, refused.json()["type"]) == (400, "/problems/cursor-invalid")
