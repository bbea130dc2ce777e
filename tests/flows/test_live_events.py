"""Live events on the real house: from the act to the screen, by token and by ticket, at any gateway."""

from datetime import timedelta
from functools import partial
from typing import Any

import httpx
import orjson

from tests.flows.guild import Guild, found_guild, problem, well
from tests.flows.replicas import gateway_replica
from tests.support.deployment import WholeDeployment
from tests.support.live import LiveReader, opened
from tests.support.personas import Persona

DEPLOYMENT_SETTINGS = {"gateway": {"live_heartbeat_seconds": 1}}


def bearer(who: Persona) -> dict[str, str]:
    return {"authorization": f"Bearer {who.session['access_token']}"}


def asked(guild: Guild, types: str = "offer,membership,backlink,agreement") -> str:
    return f"union={guild.union['slug']}&types={types}"


async def offer(guild: Guild, who: Persona) -> str:
    body = {"title": "Weave a rug", "price": guild.money(1)}
    return well(await who.send("POST", f"{guild.path}/offers", body))["id"]


async def next_of(reader: LiveReader, event_type: str) -> dict[str, Any]:
    """The fields of the next event of a type."""
    while (frame := await reader.event()).event != event_type:
        pass
    return frame.body["data"]


async def test_an_act_is_seen_by_whom_it_concerns_and_by_nobody_else(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Criers")
    member, stranger = await guild.join("member"), await deployment.persona("stranger")
    gateway, query = deployment.deployment.gateway, asked(guild)
    async with (
        opened(gateway, query, bearer(member)) as ours,
        opened(gateway, query, bearer(stranger)) as theirs,
        opened(gateway, asked(guild, "union,offer")) as everybodys,
    ):
        assert {ours.status, theirs.status, everybodys.status} == {200}
        made = await offer(guild, guild.founder)
        seen = await next_of(ours, "offer")
        assert (seen["offer_id"], seen["owner_id"]) == (made, str(guild.founder.id))
        await guild.act(member, "PUT", f"/backlinks/{guild.founder.id}")
        assert (await next_of(ours, "backlink"))["supporter_id"] == str(member.id)
        agreement = await guild.agree(guild.founder, member, 3)
        assert (await next_of(ours, "agreement"))["agreement_id"] == agreement
        assert await theirs.is_silent()
        assert await everybodys.is_silent()

        await guild.act(stranger, "POST", "/memberships", await guild.acceptance(invited=False))
        assert (await next_of(theirs, "membership"))["member_id"] == str(stranger.id)
        await offer(guild, guild.founder)
        assert await next_of(theirs, "offer")


async def test_one_who_left_is_shown_nothing_more_of_the_union(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Heralds")
    member = await guild.join("member")
    async with opened(deployment.deployment.gateway, asked(guild, "offer"), bearer(member)) as reader:
        await offer(guild, guild.founder)
        assert await next_of(reader, "offer")
        well(await member.act("DELETE", f"{guild.path}/memberships/me"))
        await offer(guild, guild.founder)
        assert await reader.is_silent(1)


async def test_a_client_goes_on_at_another_gateway_where_it_was(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Runners")
    member = await guild.join("member")
    query = asked(guild, "offer")
    async with gateway_replica(deployment) as second:
        async with opened(deployment.deployment.gateway, query, bearer(member)) as first:
            before = await offer(guild, guild.founder)
            assert (await next_of(first, "offer"))["offer_id"] == before
            position = first.last_id
        missed = [await offer(guild, guild.founder) for _ in range(3)]
        headers = bearer(member) | {"last-event-id": position}
        async with opened(second.app, query, headers) as there:
            seen = [(await next_of(there, "offer"))["offer_id"] for _ in missed]
            assert sorted(seen) == sorted(missed), "between keys there is no order"
            later = await offer(guild, guild.founder)
            assert (await next_of(there, "offer"))["offer_id"] == later


async def test_a_ticket_opens_one_stream_and_no_token_stands_in_an_address(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Ushers")
    member, gateway = await guild.join("member"), deployment.deployment.gateway
    ticket = well(await member.send("POST", "/v1/events/tickets"))["ticket"]
    query = f"{asked(guild, 'offer')}&ticket={ticket}"
    async with opened(gateway, query) as reader:
        await offer(guild, guild.founder)
        assert await next_of(reader, "offer")
        async with opened(gateway, query) as again:
            assert again.status == 401
            assert orjson.loads(again.content)["type"] == "/problems/stream-ticket-refused"
        await member.send("DELETE", "/v1/auth/sessions/current")
        frame = await reader.event(1)
        assert (frame.event, frame.body) == ("end", {"reason": "session_ended"})
    async with opened(gateway, f"access_token={member.session['access_token']}&types=offer") as public:
        await offer(guild, guild.founder)
        assert await public.is_silent(), "a token in an address is passed over"


async def test_a_stream_ends_with_the_access_token(deployment: WholeDeployment) -> None:
    member = await deployment.persona("member")
    async with opened(deployment.deployment.gateway, "", bearer(member)) as reader:
        await deployment.advance(timedelta(seconds=member.session["expires_in_seconds"]))
        while (frame := await reader.event(5)).event != "end":
            pass
        assert frame.body == {"reason": "token_expired"}


async def test_the_same_events_come_by_the_page(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Scribes")
    member = await guild.join("member")
    accept = {"accept": "application/json"}

    async def page(after: str = "") -> httpx.Response:
        parameters = {"union": guild.union["slug"], "types": "offer", "limit": 2}
        return await member.send(
            "GET", "/v1/events", headers=accept, parameters=parameters | ({"after": after} if after else {})
        )

    def has_items(answer: httpx.Response) -> bool:
        return answer.json()["items"] != []

    now = well(await page())
    assert now["items"] == []
    made = [await offer(guild, guild.founder) for _ in range(3)]
    await deployment.eventually(
        lambda: page(now["next_after"]), lambda answer: len(answer.json()["items"]) == 2
    )
    seen, after = list[str](), now["next_after"]
    for _ in range(2):
        body = well(await deployment.eventually(partial(page, after), has_items))
        seen += [item["data"]["offer_id"] for item in body["items"]]
        after = body["next_after"]
    assert sorted(seen) == sorted(made)
    assert problem(await page("nonsense")) == (400, "position-unknown")
    wrong = await deployment.http.post("/v1/events")
    assert (wrong.status_code, wrong.headers["allow"]) == (405, "GET")
    refused = await deployment.http.get("/v1/events", headers={"authorization": "Bearer nonsense"})
    assert problem(refused) == (401, "unauthenticated")
