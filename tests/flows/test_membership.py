"""What joining gives and leaving leaves: the grant, its lock and daily budget; the rights of those who go."""

from datetime import timedelta

from tests.flows.guild import GRANT, Guild, found_guild, well
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona


async def test_the_grant_of_one_who_came_openly_is_freed_by_their_first_paid_work(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Bakers")
    worker = await guild.join("worker", invited=False)
    await deployment.eventually(lambda: guild.balance(worker, "grant"), lambda tokens: tokens == GRANT)
    assert not await guild.balance(worker)
    colleague = await guild.join("colleague")
    bid = await guild.bid(worker, colleague, 10)
    assert (await guild.accept(worker, bid, 10)).status_code == 409, "a locked grant buys nothing"

    agreement = await guild.agree(guild.founder, worker, 40)
    await guild.deliver(worker, agreement)
    well(await guild.pay(guild.founder, agreement))

    await deployment.eventually(lambda: guild.balance(worker), lambda tokens: tokens == GRANT + 40)
    assert not await guild.balance(worker, "grant")
    assert well(await guild.accept(worker, bid, 10))["state"] == "funded"


async def test_who_comes_after_the_days_budget_is_given_the_grant_on_the_next_day(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Millers", joining_grants_per_day=2)
    await guild.join("first")
    await guild.join("second")
    third = await deployment.persona("third")
    await guild.act(third, "POST", "/memberships", await guild.acceptance(invited=True))
    await guild.act(third, "PUT", f"/backlinks/{guild.founder.id}")
    assert not await guild.balance(third)
    await deployment.advance(timedelta(days=1))
    await deployment.eventually(lambda: guild.balance(third), lambda tokens: tokens == GRANT)


async def test_one_who_leaves_is_refunded_later_and_can_do_nothing_new(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Fullers")
    owner, backer, worker = [await guild.join(name) for name in ("owner", "backer", "worker")]
    project = await guild.propose(owner, 900, timedelta(hours=2))
    pledge = await guild.pledge(backer, project, 80)
    agreement = await guild.agree(backer, worker, 50)

    await guild.act(backer, "DELETE", "/memberships/me")

    assert await _statuses_of_new_acts(guild, backer, project) == {403}
    await deployment.advance(timedelta(hours=2))
    await guild.becomes(backer, f"/agreements/{agreement}", "refunded")
    assert (await guild.becomes(backer, f"/pledges/{pledge}", "refunded"))["state"] == "refunded"
    assert await guild.balance(backer) == GRANT
    codes = [code for code, _, _ in await guild.statement(backer)]
    assert codes[:3] == ["joining_grant", "pledge", "escrow_fund"]
    assert sorted(codes[3:]) == ["escrow_refund", "pledge_refund"]


async def _statuses_of_new_acts(guild: Guild, who: Persona, project: str) -> set[int]:
    offer = {"title": "Full the cloth", "price": guild.money(1)}
    debit = guild.money(1) | {"to": f"projects/{project}"}
    answers = [
        await who.send("POST", f"{guild.path}/offers", offer),
        await who.act("POST", f"{guild.path}/projects/{project}/pledges", {"debit": debit}),
        await who.act("PUT", f"{guild.path}/backlinks/{guild.founder.id}"),
    ]
    return {answer.status_code for answer in answers}
