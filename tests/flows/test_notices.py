"""What happens to members is in their one list, soon after it happened, whichever service knew of it."""

from datetime import timedelta
from typing import Any
from uuid import uuid4

import httpx

from tests.flows.guild import Guild, found_guild
from tests.support.deployment import WholeDeployment
from tests.support.personas import Persona


async def told(deployment: WholeDeployment, who: Persona, **counts: int) -> dict[str, dict[str, Any]]:
    """The member's unread notices by kind, once these kinds (a dot is two underscores) happened so often."""
    wanted = {kind.replace("__", "."): count for kind, count in counts.items()}

    def unread(answer: httpx.Response) -> dict[str, dict[str, Any]]:
        return {item["kind"]: item for item in answer.json()["items"] if item["read_at"] is None}

    answer = await deployment.eventually(
        lambda: who.get("/v1/me/notices"),
        lambda answer: {kind: item["happened_count"] for kind, item in unread(answer).items()} == wanted,
    )
    return unread(answer)


async def paid_work(guild: Guild, employer: Persona, worker: Persona) -> str:
    agreement = await guild.agree(employer, worker, 10)
    await guild.deliver(worker, agreement)
    await guild.pay(employer, agreement)
    await guild.becomes(worker, f"/agreements/{agreement}", "paid")
    return agreement


async def test_both_sides_of_work_are_told_what_the_other_did(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Heralds")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    agreement = await paid_work(guild, employer, worker)
    of_employer = await told(deployment, employer, bid__placed=1, work__delivered=1)
    delivered = of_employer["work.delivered"]
    assert (delivered["subject"], delivered["subject_id"]) == ("agreements", agreement)
    assert (delivered["actor_id"], delivered["union_name"]) == (str(worker.id), "Guild of Heralds")
    assert of_employer["bid.placed"]["actor_id"] == str(worker.id)
    of_worker = await told(deployment, worker, bid__accepted=1, work__paid=1)
    assert of_worker["work.paid"]["actor_id"] == str(employer.id)


async def test_a_leader_is_told_who_backs_them_in_one_line_until_they_read_it(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Followers")
    members = [await guild.join("member") for _ in range(3)]
    founder = guild.founder
    assert (await told(deployment, founder, member__joined=3))["member.joined"]["actor_id"] == str(
        members[2].id
    )
    for member in members:
        backed = await member.act("PUT", f"{guild.path}/backlinks/{founder.id}")
        assert backed.status_code == 200
        assert "notice" not in backed.headers.get("guildhall-event", ""), "nobody waits for another's notice"
    await told(deployment, founder, member__joined=3, backed=3)
    newest = (await founder.get("/v1/me/notices")).json()["items"][0]["id"]
    marked = await founder.send("PUT", "/v1/me/notices/read-mark", {"through": newest})
    assert marked.status_code == 204
    assert (await founder.get("/v1/me/notices")).json()["unread_count"] == 0
    another = await guild.join("member")
    await another.act("PUT", f"{guild.path}/backlinks/{founder.id}")
    await told(deployment, founder, member__joined=1, backed=1)


async def test_a_leader_is_told_of_who_confirms_an_import(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Imports")
    leader, member = await guild.join("leader"), await guild.join("member")
    rows = {"rows": [[str(member.id), str(leader.id)]]}
    imported = await guild.founder.act("POST", f"{guild.path}/backlink-imports", rows)
    assert imported.status_code in {200, 201}, imported.text
    body = {"leaders": [str(leader.id)]}
    confirmed = await member.act("POST", f"{guild.path}/backlink-proposals/confirmation", body)
    assert confirmed.status_code < 300, confirmed.text
    notices = await told(deployment, leader, backed=1)
    assert notices["backed"]["actor_id"] == str(member.id)


async def test_payments_and_projects_are_told(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Payers")
    payer, payee = await guild.join("payer"), await guild.join("payee")
    project = await guild.propose(payee, 20, timedelta(days=3))
    await guild.pledge(payer, project, 20)
    ends = {"debit_account": f"members/{payer.id}", "credit_account": f"members/{payee.id}"}
    transfer = {"id": str(uuid4()), "code": "pay", **ends, **guild.money(5)}
    posted = await payer.act("POST", f"{guild.path}/transfers", {"transfers": [transfer]})
    assert posted.json()["results"][0]["result"] == "posted", posted.text
    notices = await told(deployment, payee, pledge__made=1, project__paid=1, payment__received=1)
    assert (notices["project.paid"]["subject_id"], notices["project.paid"]["actor_id"]) == (project, None)
    assert notices["pledge.made"]["actor_id"] == str(payer.id)
    received = notices["payment.received"]
    assert (received["subject"], received["actor_id"]) == ("accounts", str(payer.id))
