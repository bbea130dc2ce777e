"""`guildhall events tail` shows what comes to the bus, of one union or type where that is asked."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from typing import Any

import pytest

from guildhall.events.operated import Operated
from guildhall.events.tailing import tailed
from guildhall.refusals import StartRefused
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona


@asynccontextmanager
async def watching(
    house: Operated, union: str | None = None, event_type: str | None = None, after: str | None = None
) -> AsyncGenerator[AsyncGenerator[dict[str, Any]]]:
    async with aclosing(tailed(house, union, event_type, after)) as events, asyncio.timeout(30):
        yield events


async def found(deployment: WholeDeployment, name: str) -> tuple[Persona, dict[str, Any]]:
    founder = await deployment.persona("founder")
    founded = await founder.act("POST", "/v1/unions", {"name": name, "purpose": "To be seen."})
    assert founded.status_code == 201, founded.text
    return founder, founded.json()


async def test_every_event_is_a_cloud_event_with_its_position(
    deployment: WholeDeployment, house: Operated
) -> None:
    position = await house.bus.tail_position()
    _, union = await found(deployment, "Smiths")
    async with watching(house, after=position) as events:
        seen = await anext(events)
        while seen["type"] != "union":
            seen = await anext(events)
    assert seen["specversion"] == "1.0" and seen["data"]["union_id"] == union["id"]
    async with watching(house, after=seen["position"]) as events:  # and what follows, from there
        assert (await anext(events))["id"] != seen["id"]


async def test_one_union_and_one_type_alone(deployment: WholeDeployment, house: Operated) -> None:
    _, potters = await found(deployment, "Potters")
    position = await house.bus.tail_position()
    founder, _ = await found(deployment, "Masons")
    offered = {"kind": "gig", "title": "A pot", "price": {"asset": potters["token"]["symbol"], "minor": "1"}}
    member = await deployment.persona("member")
    charter = (await member.get(f"/v1/unions/{potters['id']}/charter")).json()
    joined = {"charter_version": charter["version"], "charter_hash": charter["hash"]}
    await member.act("POST", f"/v1/unions/{potters['id']}/memberships", joined)
    await member.send("POST", f"/v1/unions/{potters['id']}/offers", offered)
    assert founder.id != member.id
    async with watching(house, union="potters", event_type="membership", after=position) as events:
        seen = await anext(events)
        if seen["data"]["role"] == "founder":  # relayed after the position was asked for
            seen = await anext(events)
    assert (seen["type"], seen["data"]["member_id"]) == ("membership", str(member.id))
    assert seen["data"]["union_id"] == potters["id"]


@pytest.mark.parametrize(
    ("asked", "reason"),
    [
        ({"union": "nobody"}, "there is no union nobody"),
        ({"event_type": "union.burnt"}, r"there is no event union\.burnt: .*transfer\.posted"),
        ({"after": "yesterday"}, "yesterday is no position of this bus"),
    ],
)
async def test_what_is_not_there_is_refused_by_name(
    house: Operated, asked: dict[str, str], reason: str
) -> None:
    with pytest.raises(StartRefused, match=reason):
        async with watching(house, **asked) as events:
            await anext(events)
