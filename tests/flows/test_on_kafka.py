"""The house on a real Kafka, each service under its own user: live streams, their going on, and webhooks."""

from collections.abc import AsyncGenerator
from typing import Any

import httpx
import pytest

from guildhall.kafka.provision import Provision, provision
from guildhall.postgres.roles import SERVICES
from tests.flows.guild import found_guild, problem, well
from tests.flows.test_live_events import asked, bearer, next_of, offer
from tests.support.deployment import WholeDeployment
from tests.support.kafka import KafkaOfSession
from tests.support.live import LiveReader, opened
from tests.support.network import network_deployment
from tests.support.postgres import Databases
from tests.support.receiver import answer, receiving

PREFIX = "on-kafka"
pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
async def deployment(
    databases: Databases, kafka: KafkaOfSession, tmp_path_factory: pytest.TempPathFactory
) -> AsyncGenerator[WholeDeployment]:
    operator_url = f"{kafka.kafka.operator_url()}&prefix={PREFIX}"
    provision(Provision(operator_url, kafka.passwords.of, kafka.settings))
    overrides: dict[str, dict[str, Any]] = {
        user: {"bus_url": f"{kafka.kafka.url(user, kafka.passwords.of(user))}&prefix={PREFIX}"}
        for user in (*SERVICES, "gateway")
    }
    overrides["gateway"]["live_heartbeat_seconds"] = 1
    overrides["identity"] |= {"egress_loopback_allowed": True, "webhook_poll_ms": 20}
    async with network_deployment(databases, tmp_path_factory.mktemp("keys"), overrides) as made:
        yield made


async def _seen(reader: LiveReader, wanted: list[str]) -> set[str]:
    """The offers that come until all of these have: in any order, and two relays may tell of one twice."""
    seen: set[str] = set()
    while not set(wanted) <= seen:
        seen.add((await next_of(reader, "offer"))["offer_id"])
    return seen


def _told_of(page: httpx.Response) -> set[str]:
    return {one["data"]["offer_id"] for one in page.json()["items"]}


async def test_a_stream_shows_what_happens_and_goes_on_where_it_was(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Ferrymen")
    member = await guild.join("member")
    query, gateway = asked(guild, "offer"), deployment.deployment.gateway
    async with opened(gateway, query, bearer(member)) as first:
        before = await offer(guild, guild.founder)
        assert (await next_of(first, "offer"))["offer_id"] == before
        position = first.last_id
    missed = [await offer(guild, guild.founder) for _ in range(3)]
    async with opened(gateway, query, bearer(member) | {"last-event-id": position}) as again:
        assert await _seen(again, missed) <= {before, *missed}
        later = await offer(guild, guild.founder)
        assert await _seen(again, [later]) <= {before, later, *missed}


async def test_pages_tell_the_same_and_a_position_of_another_bus_is_refused(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Pilots")
    accept = {"accept": "application/json"}

    async def page(after: str = "") -> Any:
        parameters = {"union": guild.union["slug"], "types": "offer"} | ({"after": after} if after else {})
        return await guild.founder.send("GET", "/v1/events", headers=accept, parameters=parameters)

    now = well(await page())
    made = {await offer(guild, guild.founder) for _ in range(2)}
    told = await deployment.eventually(
        lambda: page(now["next_after"]), lambda answered: _told_of(answered) >= made
    )
    assert _told_of(told) == made
    assert problem(await page("nonsense")) == (400, "position-unknown")


async def test_what_everybody_may_know_reaches_a_webhook(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Lightermen")
    async with receiving(answer(204)) as receiver:
        made = await guild.founder.act(
            "POST", f"{guild.path}/webhooks", {"url": receiver.url, "types": ["union"]}
        )
        webhook = well(made)
        log = f"{guild.path}/webhooks/{webhook['id']}/deliveries"
        tag = (await guild.founder.get(f"{guild.path}/charter")).headers["etag"]
        well(
            await guild.founder.act(
                "PATCH", f"{guild.path}/charter", {"values": ["Openness"]}, headers={"if-match": tag}
            )
        )
        await deployment.eventually(
            lambda: guild.founder.get(log),
            lambda told: any(one["state"] == "delivered" for one in told.json()["items"]),
        )
    assert {one.headers["user-agent"] for one in receiver.got} == {"Guildhall-Webhooks/1"}
