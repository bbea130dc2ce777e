"""The founder's office passes: in every service the one before may nothing more of it within a second."""

from tests.flows.guild import Guild, database_away, found_guild, problem
from tests.flows.test_offices import pay
from tests.flows.test_revocation import refused_within
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona


async def passes(guild: Guild, heir: Persona) -> None:
    await guild.act(guild.founder, "PUT", "/succession/heir", {"member": str(heir.id)})
    await guild.act(heir, "PUT", "/succession/consent")
    await guild.act(guild.founder, "POST", "/succession/handover")


async def test_who_handed_over_pays_nothing_more_whatever_the_bus_does(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Successors")
    heir, payee = [await guild.join(name) for name in ("heir", "payee")]
    assert problem(await pay(guild, heir, payee, 1)) == (403, "forbidden")
    assert (await pay(guild, guild.founder, payee, 1)).json()["result"] == "posted"
    async with database_away(deployment, "bus"):
        await passes(guild, heir)
        refused = await refused_within(lambda: pay(guild, guild.founder, payee, 1), 403)
        assert problem(refused) == (403, "forbidden"), "a member like others, not one who is out"
        rows = await guild.founder.get(f"{guild.path}/journal/rows.jsonl")
        assert rows.status_code == 403
    before = await guild.balance(guild.founder)
    paid = await deployment.eventually(
        lambda: pay(guild, heir, guild.founder, 2), lambda answer: answer.status_code == 200, 30
    )
    assert paid.json()["result"] == "posted"
    assert before is not None
    assert await guild.balance(guild.founder) == before + 2, "and no joining grant for who founded it"
