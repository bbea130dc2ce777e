"""Handles: none passes for another's, refusals tell nothing apart, and how often one changes has a limit."""

import asyncio
import secrets
from datetime import timedelta

import httpx
import pytest

from services.identity.domain.look_alike import look_of
from tests.services.identity.house import IdentityHouse, Member


async def take(member: Member, handle: str) -> httpx.Response:
    return await member.ask("PATCH", "/v1/me", {"handle": handle}, **{"if-match": "*"})


async def taken(member: Member, handle: str) -> str:
    response = await take(member, handle)
    assert response.status_code == 200, response.text
    return handle


def unlike_any() -> str:
    """A handle that nobody has, with everything in it that another could stand for."""
    return f"mo-vv1-{secrets.token_hex(8)}"


ALIKE = [("m", "rn"), ("o", "0"), ("vv", "w"), ("1", "l"), ("mo-", "mo"), ("mo", "m-o")]


@pytest.mark.parametrize(("of", "by"), ALIKE)
async def test_what_looks_like_anothers_handle_is_refused(house: IdentityHouse, of: str, by: str) -> None:
    member, impostor = await house.member(), await house.member()
    handle = await taken(member, unlike_any())
    refused = await take(impostor, handle.replace(of, by, 1))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/handle-taken")
    assert (await impostor.ask("GET", "/v1/me")).json()["handle"].startswith("m-")


async def test_present_former_and_alike_are_refused_in_the_same_words(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    former, present = await taken(member, unlike_any()), await taken(member, unlike_any())
    answers: set[str] = set()
    for asked in (former, present, present.replace("m", "rn", 1)):
        refused = (await take(other, asked)).json()
        answers.add(str(sorted((refused | {"instance": "", "request_id": ""}).items())).replace(asked, "?"))
    assert len(answers) == 1


async def test_a_member_may_have_what_looks_like_their_own(house: IdentityHouse) -> None:
    member = await house.member()
    handle = await taken(member, unlike_any())
    await taken(member, handle.replace("o", "0", 1))


async def test_of_two_who_take_look_alikes_at_once_one_is_told(house: IdentityHouse) -> None:
    handle = unlike_any()
    askers = [await house.member() for _ in range(4)]
    asked = [handle, handle.replace("o", "0", 1), handle.replace("m", "rn"), handle.replace("mo-", "mo")]
    answers = await asyncio.gather(*(take(*pair) for pair in zip(askers, asked, strict=True)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409, 409]
    holders = await house.rows("SELECT member_id FROM handle_looks WHERE look = $1", look_of(handle))
    assert len(holders) == 1


async def test_a_refused_handle_leaves_no_trace(house: IdentityHouse) -> None:
    member, other = await house.member(), await house.member()
    handle = await taken(member, unlike_any())
    await take(other, handle.replace("o", "0", 1))
    mine = await house.rows("SELECT look FROM handle_looks WHERE member_id = $1", other.id)
    assert len(mine) == 1  # of the handle that they started with


async def test_a_handle_from_before_looks_were_kept_stays_its_members(house: IdentityHouse) -> None:
    older, younger = await house.member(), await house.member()
    handle = await taken(older, unlike_any())
    alike = handle.replace("o", "0", 1)
    await house.rows(
        "INSERT INTO handles (handle, member_id, taken_at) VALUES ($1, $2, $3)",
        alike,
        younger.id,
        house.clock.now(),
    )
    await taken(younger, alike)
    assert (await take(older, alike)).status_code == 409


async def test_the_release_before_keeps_looks_too(house: IdentityHouse) -> None:
    """What it writes while both run is seen by the database itself."""
    member, other = await house.member(), await house.member()
    handle = unlike_any()
    await house.rows(
        "INSERT INTO handles (handle, member_id, taken_at) VALUES ($1, $2, $3)",
        handle,
        member.id,
        house.clock.now(),
    )
    assert (await take(other, handle.replace("m", "rn", 1))).status_code == 409


async def test_a_member_starts_with_a_handle_that_is_looked_at(house: IdentityHouse) -> None:
    member = await house.member()
    [row] = await house.rows("SELECT look FROM handle_looks WHERE member_id = $1", member.id)
    assert row["look"] == look_of(member.session["member"]["handle"])


async def test_changes_have_a_limit_in_their_window(house: IdentityHouse) -> None:
    member = await house.member()
    for _ in range(house.settings.handle_changes_max):
        await taken(member, unlike_any())
    present = (await member.ask("GET", "/v1/me")).json()["handle"]
    refused = await take(member, unlike_any())
    assert (refused.status_code, refused.json()["type"]) == (429, "/problems/attempt-limit-reached")
    assert refused.json()["kind"] == "handle_of_member"
    assert int(refused.headers["retry-after"]) > 0
    renamed = await member.ask("PATCH", "/v1/me", {"name": "Ada"}, **{"if-match": "*"})
    assert (renamed.status_code, renamed.json()["handle"]) == (200, present)
    house.clock.advance(timedelta(seconds=house.settings.handle_changes_window_seconds))
    await member.sign_in()
    await taken(member, unlike_any())


async def test_a_former_handle_leads_to_the_present_one(house: IdentityHouse) -> None:
    member, reader = await house.member(), await house.member()
    former, present = await taken(member, unlike_any()), await taken(member, unlike_any())
    found = await reader.ask("GET", f"/v1/members/{former}")
    assert found.json()["handle"] == present
    assert found.headers["content-location"] == f"/v1/members/{present}"
    alike = await reader.ask("GET", f"/v1/members/{present.replace('o', '0', 1)}")
    assert alike.status_code == 404, "what looks like a handle finds nobody"
