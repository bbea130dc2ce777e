"""Who is out is out everywhere within a second: every service, replica and gateway, whatever is cut off."""

import asyncio
import time
from collections.abc import Awaitable, Callable

import asyncpg
import httpx
import pytest

from guildhall.postgres.roles import SERVICES
from tests.flows.guild import Guild, database_away, found_guild, problem, well
from tests.flows.replicas import gateway_replica, internal_token, service_replica
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

SECOND = 1.0
OLD_WITHIN = 5.0
"""A view is a second old when its last answer is, and the question that finds it so is given up later."""
ME = "/v1/me"


async def refused_within(
    ask: Callable[[], Awaitable[httpx.Response]], status: int, seconds: float = SECOND
) -> httpx.Response:
    """Asks until it is refused so; fails when it is not within the time."""
    deadline = time.monotonic() + seconds
    while True:
        answer = await ask()
        if answer.status_code == status:
            return answer
        assert time.monotonic() < deadline, f"still {answer.status_code}: {answer.text}"
        await asyncio.sleep(0.02)


async def left_as(house: WholeDeployment, service: str, member: Persona) -> str | None:
    """The state of the membership in a service's projection."""
    connection = await asyncpg.connect(house.databases[service].superuser_url)
    try:
        return await connection.fetchval("SELECT state FROM memberships WHERE member_id = $1", member.id)
    finally:
        await connection.close()


def offer(guild: Guild) -> dict[str, object]:
    return {"title": "Bind the book", "price": guild.money(1)}


PATHS = {
    "identity": ME,
    "graph": "/voice",
    "market": "/market/summary",
    "ledger": "/accounts",
    "funding": "/funding/summary",
}


async def test_a_session_ended_at_one_gateway_is_refused_everywhere_within_a_second(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Coopers")
    member = await guild.join("member")
    async with gateway_replica(deployment) as second, service_replica(deployment, "market") as other_market:
        there = second.through(member)
        assert (await there.get(ME)).status_code == 200
        held = {name: await internal_token(deployment, member, name) for name in SERVICES}
        assert (await member.send("DELETE", "/v1/auth/sessions/current")).status_code == 204
        ended_at = time.monotonic()

        assert (await refused_within(lambda: there.get(ME), 401)).json()[
            "type"
        ] == "/problems/unauthenticated"
        await refused_within(lambda: member.get(ME), 401)
        apps = [*deployment.deployment.services.items(), ("market", other_market.app)]
        for name, app in apps:
            path = PATHS[name] if name == "identity" else f"{guild.path}{PATHS[name]}"
            transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
            async with httpx.AsyncClient(transport=transport, base_url=member.public_url) as direct:

                async def ask(direct: httpx.AsyncClient = direct, path: str = path, name: str = name):
                    return await direct.get(path, headers=held[name])

                refused = await refused_within(ask, 401)
            assert "the session has ended" in refused.json()["detail"], name
        assert time.monotonic() - ended_at < SECOND
        await second.close(there)


async def test_a_session_ended_by_a_reused_refresh_token_is_refused_everywhere(
    deployment: WholeDeployment,
) -> None:
    member = await deployment.persona("member")
    first = {"refresh_token": member.session["refresh_token"]}
    second = well(await deployment.http.post("/v1/auth/refreshes", json=first))
    well(await deployment.http.post("/v1/auth/refreshes", json={"refresh_token": second["refresh_token"]}))
    assert (await member.get(ME)).status_code == 200
    reused = await deployment.http.post("/v1/auth/refreshes", json=first)
    assert problem(reused) == (401, "refresh-token-reused")
    await refused_within(lambda: member.get(ME), 401)


async def test_one_who_left_cannot_act_at_a_service_that_has_not_heard_and_keeps_what_exits_need(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Dyers")
    member = await guild.join("member")
    async with database_away(deployment, "bus"):
        well(await member.act("DELETE", f"{guild.path}/memberships/me"))

        def offers() -> Awaitable[httpx.Response]:
            return member.send("POST", f"{guild.path}/offers", offer(guild))

        refused = await refused_within(offers, 403)
        assert problem(refused) == (403, "not-a-member")
        assert refused.json()["state"] == "left"
        backing = await member.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}")
        assert problem(backing) == (403, "not-a-member")
        reading = await member.get(f"{guild.path}/offers/{guild.founder.id}")
        assert problem(reading) == (403, "not-a-member"), "a read takes the word of the log"
        assert await left_as(deployment, "funding", member) == "active", "the bus has told nobody"
        assert (await member.get(f"{guild.path}/accounts")).status_code == 200
        assert (await member.act("DELETE", f"{guild.path}/backlinks/{guild.founder.id}")).status_code == 204


async def test_one_who_comes_back_acts_before_the_bus_has_told_of_it(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Tilers")
    member = await guild.join("member")
    async with database_away(deployment, "bus"):
        well(await member.act("DELETE", f"{guild.path}/memberships/me"))
        await refused_within(lambda: member.send("POST", f"{guild.path}/offers", offer(guild)), 403)
        well(await member.act("POST", f"{guild.path}/memberships", await guild.acceptance(invited=False)))
        back = await member.send("POST", f"{guild.path}/offers", offer(guild))
        assert back.status_code == 201, back.text


async def test_a_replica_without_identity_refuses_acts_and_goes_on_reading(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Glaziers")
    member = await guild.join("member")
    token = await internal_token(deployment, member, "market")
    async with service_replica(deployment, "market") as one, service_replica(deployment, "market") as other:
        here, there = one.through(member), other.through(member)
        assert (await here.send("POST", f"{guild.path}/offers", offer(guild), headers=token)).is_success
        one.network.cut.add("identity")
        acting = await refused_within(
            lambda: here.send("POST", f"{guild.path}/offers", offer(guild), headers=token), 503, OLD_WITHIN
        )
        assert problem(acting) == (503, "unavailable")
        assert acting.headers["retry-after"] == "1"
        listed = await here.send("GET", f"{guild.path}/offers", headers=token)
        assert listed.status_code == 200
        assert (await there.send("POST", f"{guild.path}/offers", offer(guild), headers=token)).is_success

        one.network.cut.clear()
        assert (await here.send("POST", f"{guild.path}/offers", offer(guild), headers=token)).is_success
        await one.close(here, there)


@pytest.mark.parametrize("bus_is_away", [False, True])
async def test_with_identity_away_no_act_passes_and_what_ended_just_before_stays_out(
    deployment: WholeDeployment, bus_is_away: bool
) -> None:
    guild = await found_guild(deployment, f"Guild of Carvers {bus_is_away}")
    member, gone = await guild.join("member"), await guild.join("gone")
    tokens = {name: await internal_token(deployment, gone, name) for name in ("market",)}
    async with service_replica(deployment, "market") as one:
        here, out = one.through(member), one.through(gone)
        token = await internal_token(deployment, member, "market")
        assert (await out.send("GET", f"{guild.path}/offers", headers=tokens["market"])).status_code == 200
        await gone.send("DELETE", "/v1/auth/sessions/current")
        await refused_within(lambda: out.send("GET", f"{guild.path}/offers", headers=tokens["market"]), 401)
        async with database_away(deployment, "identity"):
            if bus_is_away:
                async with database_away(deployment, "bus"):
                    await _holds_without_identity(guild, here, out, token, tokens["market"])
            else:
                await _holds_without_identity(guild, here, out, token, tokens["market"])
        back = await deployment.eventually(
            lambda: here.send("POST", f"{guild.path}/offers", offer(guild), headers=token),
            lambda answer: answer.status_code == 201,
        )
        assert back.is_success
        await one.close(here, out)


async def _holds_without_identity(
    guild: Guild, here: Persona, out: Persona, token: dict[str, str], ended: dict[str, str]
) -> None:
    acting = await refused_within(
        lambda: here.send("POST", f"{guild.path}/offers", offer(guild), headers=token), 503, OLD_WITHIN
    )
    assert problem(acting) == (503, "unavailable")
    assert (await here.send("GET", f"{guild.path}/offers", headers=token)).status_code == 200
    assert (await out.send("GET", f"{guild.path}/offers", headers=ended)).status_code == 401


async def test_a_process_that_starts_knows_what_had_ended_before(deployment: WholeDeployment) -> None:
    member = await deployment.persona("member")
    token = await internal_token(deployment, member, "ledger")
    await member.send("DELETE", "/v1/auth/sessions/current")
    async with service_replica(deployment, "ledger") as fresh:
        refused = await fresh.through(member).send("GET", "/v1/unions/none/accounts", headers=token)
    assert refused.status_code == 401
