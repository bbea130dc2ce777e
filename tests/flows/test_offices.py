"""Officers act in every service by what identity gave them, and not a second after that has ended."""

import time
from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.flows.guild import Guild, database_away, found_guild, problem
from tests.flows.test_revocation import SECOND, refused_within
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

TERM_SECONDS = 86_400


async def office(guild: Guild, by: Persona, parent: str | None = None, **rights: int | None) -> str:
    body = {
        "parent_id": parent,
        "name": "Office",
        "term_seconds": TERM_SECONDS,
        "rights": [
            {"right": right} if tokens is None else {"right": right, "limit": guild.money(tokens)}
            for right, tokens in rights.items()
        ],
    }
    return (await guild.act(by, "POST", "/offices", body))["id"]


async def appoint(guild: Guild, by: Persona, to: str, member: Persona) -> None:
    await guild.act(by, "POST", f"/offices/{to}/holders", {"member": str(member.id)})


async def pay(guild: Guild, by: Persona, payee: Persona, tokens: int) -> httpx.Response:
    body: dict[str, Any] = {"account": f"members/{payee.id}", "amount": guild.money(tokens)}
    return await by.act("PUT", f"{guild.path}/treasury-payments/{uuid4()}", body)


async def hears(guild: Guild, officer: Persona) -> None:
    """The ledger has heard that they may spend."""
    await guild.house.eventually(
        lambda: officer.get(f"{guild.path}/treasury-payments"), lambda answer: answer.status_code == 200
    )


async def test_what_ends_at_the_top_ends_below_within_a_second_whatever_the_bus_does(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Offices")
    head, deputy, payee = [await guild.join(name) for name in ("head", "deputy", "payee")]
    top = await office(guild, guild.founder, spend=50, audit=None)
    await appoint(guild, guild.founder, top, head)
    low = await office(guild, head, top, spend=20)
    await appoint(guild, head, low, deputy)
    for officer in (head, deputy):
        await hears(guild, officer)
    assert (await pay(guild, deputy, payee, 20)).json()["result"] == "posted"
    assert problem(await pay(guild, head, payee, 31)) == (409, "spending-limit-reached")
    async with database_away(deployment, "bus"):
        ended = await guild.founder.act("DELETE", f"{guild.path}/offices/{top}/holders/{head.id}")
        assert ended.status_code == 204, ended.text
        ended_at = time.monotonic()
        for officer in (head, deputy):
            refused = await refused_within(lambda officer=officer: pay(guild, officer, payee, 1), 403)
            assert problem(refused) == (403, "forbidden")
            rows = await officer.get(f"{guild.path}/journal/rows.jsonl")
            assert rows.status_code == 403
        assert time.monotonic() - ended_at < 2 * SECOND


async def test_whom_one_who_leaves_appointed_spends_no_more(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Leavers")
    head, deputy, payee = [await guild.join(name) for name in ("head", "deputy", "payee")]
    top = await office(guild, guild.founder, spend=50)
    await appoint(guild, guild.founder, top, head)
    low = await office(guild, head, top, spend=50)
    await appoint(guild, head, low, deputy)
    await hears(guild, deputy)
    async with database_away(deployment, "bus"):
        await guild.act(head, "DELETE", "/memberships/me")
        await refused_within(lambda: pay(guild, deputy, payee, 1), 403)


async def test_a_term_ends_in_every_service_by_itself(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Terms")
    officer, payee = [await guild.join(name) for name in ("officer", "payee")]
    place = await office(guild, guild.founder, spend=50)
    await appoint(guild, guild.founder, place, officer)
    await hears(guild, officer)
    assert (await pay(guild, officer, payee, 1)).json()["result"] == "posted"
    deployment.clock.advance(timedelta(seconds=TERM_SECONDS))
    await officer.sign_in()
    assert problem(await pay(guild, officer, payee, 1)) == (403, "forbidden")
