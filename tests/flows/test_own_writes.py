"""A client that sends back what it was told it wrote reads it from every service, or hears it is late."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from uuid import uuid4

import asyncpg
import httpx

from tests.flows.guild import GRANT, Guild, found_guild, well
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

DEPLOYMENT_SETTINGS = {"ledger": {"read_after_write_wait_ms": 2_000}}


@asynccontextmanager
async def ledger_consumes_nothing(house: WholeDeployment) -> AsyncGenerator[asyncpg.Connection]:
    """No event gets into the ledger's inbox while entered; its reads go on."""
    connection = await asyncpg.connect(house.databases["ledger"].superuser_url)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE inbox IN SHARE MODE")
            yield connection
    finally:
        await connection.close()


async def test_who_has_just_joined_reads_their_grant_from_the_ledger(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Glaziers")
    async with ledger_consumes_nothing(deployment):
        member, written = await _joined(guild)
        reading = asyncio.create_task(_accounts(guild, member, after=written))
        await asyncio.sleep(0.5)
        assert not reading.done(), "it waits for the event"
    answer = await reading
    assert "guildhall-stale" not in answer.headers
    (account,) = [account for account in well(answer)["items"] if account["kind"] == "member"]
    assert int(account["balance"]["minor"]) == GRANT * 1_000_000


async def test_a_service_that_is_late_answers_and_says_so(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Plumbers")
    async with ledger_consumes_nothing(deployment):
        member, written = await _joined(guild)
        answer = await _accounts(guild, member, after=written)
        assert (answer.status_code, answer.headers["guildhall-stale"]) == (200, "true")
        unknown = await _accounts(guild, member, after=f"charter/{uuid4()}")
        assert "guildhall-stale" not in unknown.headers, (
            "of events that it does not consume it waits for none"
        )


async def test_a_payment_frees_the_grant_for_who_reads_after_it(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Thatchers")
    worker = await guild.join("worker", invited=False)
    await deployment.eventually(lambda: guild.balance(worker, "grant"), lambda tokens: tokens == GRANT)
    agreement = await guild.agree(guild.founder, worker, 40)
    await guild.deliver(worker, agreement)
    paid = await guild.pay(guild.founder, agreement)
    assert "agreement.paid/" in paid.headers["guildhall-event"]
    answer = await _accounts(guild, worker, after=paid.headers["guildhall-event"])
    (account,) = [account for account in well(answer)["items"] if account["kind"] == "member"]
    assert int(account["balance"]["minor"]) == (GRANT + 40) * 1_000_000


async def _joined(guild: Guild) -> tuple[Persona, str]:
    """A new member, and what the answer says that it wrote."""
    member = await guild.house.persona("member")
    answer = await member.act("POST", f"{guild.path}/memberships", await guild.acceptance(invited=True))
    well(answer)
    return member, answer.headers["guildhall-event"]


async def _accounts(guild: Guild, who: Persona, after: str) -> httpx.Response:
    return await who.send("GET", f"{guild.path}/accounts", headers={"guildhall-after": after})
