"""Tickets for live streams: one use, some seconds, a session that lives, and for the gateway alone."""

import asyncio
from datetime import timedelta

import httpx

from services.identity.use_cases.forget_expired import forget_expired
from tests.services.identity.house import IdentityHouse, Member

USES = "/internal/stream-tickets/uses"


async def ticket_of(member: Member) -> str:
    answer = await member.ask("POST", "/v1/events/tickets")
    assert answer.status_code == 201, answer.text
    assert answer.headers["cache-control"] == "no-store"
    return answer.json()["ticket"]


async def use(house: IdentityHouse, ticket: str) -> httpx.Response:
    return await house.as_service("gateway", "POST", USES, {"ticket": ticket})


async def test_a_ticket_tells_whose_stream_it_opens_and_until_when(house: IdentityHouse) -> None:
    member = await house.member()
    opened = (await use(house, await ticket_of(member))).json()
    assert opened["member_id"] == str(member.id)
    assert opened["session_id"] == member.session["session_id"]
    assert opened["device_key_id"] == member.device_key_id
    until = house.clock.now() + timedelta(seconds=house.settings.access_token_seconds)
    assert opened["good_until"] == until.isoformat().replace("+00:00", "Z")


async def test_of_many_uses_at_once_one_succeeds(house: IdentityHouse) -> None:
    ticket = await ticket_of(await house.member())
    answers = await asyncio.gather(*(use(house, ticket) for _ in range(5)))
    assert sorted(answer.status_code for answer in answers) == [200, 401, 401, 401, 401]


async def test_a_ticket_is_refused_after_its_time_and_dropped(house: IdentityHouse) -> None:
    member = await house.member()
    late, never = await ticket_of(member), await ticket_of(member)
    house.clock.advance(timedelta(seconds=house.settings.stream_ticket_seconds))
    refused = await use(house, late)
    assert (refused.status_code, refused.json()["type"]) == (401, "/problems/stream-ticket-refused")
    async with house.unit() as unit:
        await forget_expired(unit, house.settings)
    assert not await house.rows("SELECT 1 FROM stream_tickets")
    assert (await use(house, never)).status_code == 401


async def test_a_ticket_of_a_session_that_ended_opens_nothing(house: IdentityHouse) -> None:
    member = await house.member()
    ticket = await ticket_of(member)
    await member.ask("DELETE", "/v1/auth/sessions/current")
    assert (await use(house, ticket)).status_code == 401


async def test_only_the_gateway_uses_tickets_and_only_members_get_them(house: IdentityHouse) -> None:
    ticket = await ticket_of(await house.member())
    refused = await house.as_service("market", "POST", USES, {"ticket": ticket})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/not-this-service")
    async with house.http() as http:
        assert (await http.post("/v1/events/tickets")).status_code == 401
    assert (await use(house, ticket)).status_code == 200


async def test_a_copy_of_the_database_opens_nothing(house: IdentityHouse) -> None:
    ticket = await ticket_of(await house.member())
    [row] = await house.rows("SELECT ticket_hash FROM stream_tickets ORDER BY expires_at DESC LIMIT 1")
    assert ticket.encode() not in row["ticket_hash"]
    assert len(row["ticket_hash"]) == 32


async def test_services_read_the_memberships_of_a_member(house: IdentityHouse) -> None:
    founder, member = await house.member(), await house.member()
    unions = [await founder.found(f"Guild of Tickets {number}") for number in range(2)]
    for union in unions:
        await member.join(union)
    await member.act("DELETE", f"/v1/unions/{unions[0]['id']}/memberships/me")
    path = f"/internal/members/{member.id}/memberships"
    body = (await house.as_service("gateway", "GET", path)).json()
    assert {item["union_id"]: item["state"] for item in body["items"]} == {
        unions[0]["id"]: "left",
        unions[1]["id"]: "active",
    }
    assert body["next_after"] is None
    assert (await member.ask("GET", path)).status_code == 403
