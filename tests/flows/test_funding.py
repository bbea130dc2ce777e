"""A project's whole way over the public API, on the real ledger: paid out at once, or every unit returned."""

from datetime import timedelta

from tests.flows.guild import GRANT, found_guild
from tests.support.deployment import WholeDeployment

LONG = timedelta(days=30)


async def test_a_project_that_reaches_its_target_is_paid_out_to_its_owner(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Masons")
    owner, *backers = [await guild.join(name) for name in ("owner", "backer", "backer")]
    project = await guild.propose(owner, 300, LONG)
    await guild.pledge(backers[0], project, 100)
    assert (await guild.read(owner, f"/projects/{project}"))["state"] == "open"
    last = await guild.pledge(backers[1], project, 200)
    paid = await guild.becomes(owner, f"/projects/{project}", "paid_out")
    assert (paid["pledged"]["minor"], paid["pledges_count"]) == (str(300_000_000), 2)
    assert await guild.balance(owner) == GRANT + 300
    assert [await guild.balance(backer) for backer in backers] == [GRANT - 100, GRANT - 200]
    assert (await guild.read(backers[1], f"/pledges/{last}"))["state"] == "paid_out"


async def test_a_project_that_misses_its_deadline_returns_every_unit(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Coopers")
    owner, *backers = [await guild.join(name) for name in ("owner", "backer", "backer", "backer")]
    project = await guild.propose(owner, 700, timedelta(hours=1))
    for tokens, backer in zip((10, 20, 250), backers, strict=True):
        await guild.pledge(backer, project, tokens)
    await deployment.advance(timedelta(hours=1))
    await guild.becomes(owner, f"/projects/{project}", "refunded")
    assert [await guild.balance(backer) for backer in backers] == [GRANT] * 3
    assert await guild.balance(owner) == GRANT
    code, amount, _ = (await guild.statement(backers[1]))[-1]
    assert (code, amount) == ("pledge_refund", 20)
    pledges = (await guild.read(owner, f"/projects/{project}/pledges"))["items"]
    assert {pledge["state"] for pledge in pledges} == {"refunded"}


async def test_a_pledge_can_be_withdrawn_until_the_deadline_and_not_after(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Saddlers")
    owner, backer, late = [await guild.join(name) for name in ("owner", "backer", "backer")]
    project = await guild.propose(owner, 500, timedelta(hours=1))
    pledge, other = await guild.pledge(backer, project, 60), await guild.pledge(late, project, 70)
    withdrawn = await guild.act(backer, "DELETE", f"/pledges/{pledge}")
    assert withdrawn["state"] == "withdrawn"
    assert await guild.balance(backer) == GRANT
    assert (await guild.read(owner, f"/projects/{project}"))["pledged"]["minor"] == str(70_000_000)

    await deployment.advance(timedelta(hours=1))
    refused = await late.act("DELETE", f"{guild.path}/pledges/{other}")
    assert refused.status_code == 409
    await guild.becomes(owner, f"/projects/{project}", "refunded")
    assert [await guild.balance(one) for one in (backer, late)] == [GRANT, GRANT]
