"""The ledger is away for a while: acts wait in a state that says so, and end well when it is back."""

from datetime import timedelta

from tests.flows.guild import GRANT, Guild, database_away, found_guild, well
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona

DEPLOYMENT_SETTINGS = {
    service: {"intent_wait_ms": 300, "connection_wait_seconds": 1}
    for service in ("market", "funding", "ledger")
}


async def test_an_acceptance_waits_for_the_ledger_and_is_funded_when_it_is_back(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Carters")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    bid = await guild.bid(employer, worker, 90)
    async with database_away(deployment, "ledger"):
        waiting = await guild.accept(employer, bid, 90)
        assert (waiting.status_code, waiting.json()["state"]) == (202, "funding")
        assert waiting.headers["location"].endswith(f"/agreements/{bid}")
        away = await employer.get(f"{guild.path}/accounts")
        assert away.status_code == 503
    await _reconciled(guild, "market", employer, f"/agreements/{bid}", "funded")
    assert await guild.balance(employer) == GRANT - 90


async def test_a_pledge_and_a_payment_wait_for_the_ledger_and_move_money_once(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Porters")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    agreement = await guild.agree(employer, worker, 90)
    await guild.deliver(worker, agreement)
    project = await guild.propose(worker, 500, timedelta(days=30))
    debit = guild.money(30) | {"to": f"projects/{project}"}
    path = f"{guild.path}/projects/{project}/pledges"
    async with database_away(deployment, "ledger"):
        pledged = await employer.act("POST", path, {"debit": debit}, idempotency_key="once")
        assert (pledged.status_code, pledged.json()["state"]) == (202, "waiting")
        paying = await guild.pay(employer, agreement)
        assert (paying.status_code, paying.json()["state"]) == (202, "paying")
        again = await employer.act("POST", path, {"debit": debit}, idempotency_key="once")
        assert again.json()["id"] == pledged.json()["id"]
    await _reconciled(guild, "funding", employer, f"/pledges/{pledged.json()['id']}", "held")
    await _reconciled(guild, "market", employer, f"/agreements/{agreement}", "paid")
    assert await guild.balance(employer) == GRANT - 90 - 30
    assert await guild.balance(worker) == GRANT + 90


async def test_one_who_joins_while_the_ledger_is_away_is_given_the_grant_when_it_is_back(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Ferrymen")
    member = await deployment.persona("member")
    acceptance = await guild.acceptance(invited=True)
    async with database_away(deployment, "ledger"):
        await guild.act(member, "POST", "/memberships", acceptance)
        await guild.act(member, "PUT", f"/backlinks/{guild.founder.id}")

    async def granted() -> bool:
        answer = await member.get(f"{guild.path}/accounts")
        return answer.is_success and any(
            int(account["balance"]["minor"]) for account in well(answer)["items"]
        )

    await deployment.eventually(granted, bool, within_seconds=30)
    assert await guild.balance(member) == GRANT


async def _reconciled(guild: Guild, service: str, who: Persona, path: str, state: str) -> None:
    """What the reconciler does at its next looks, without waiting for the machine's clock."""

    async def looked() -> str:
        await guild.house.advance(timedelta(seconds=30))
        await guild.house.chassis(service).settler.reconcile()
        answer = await who.get(f"{guild.path}{path}")
        return answer.json()["state"] if answer.is_success else answer.text

    await guild.house.eventually(looked, lambda seen: seen == state, within_seconds=30)
