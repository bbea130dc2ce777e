"""A gig's whole way over the public API, on the real ledger: each way in which it can end."""

import asyncio
from datetime import timedelta
from hashlib import sha256

from tests.flows.guild import FOUNDERS_SHARE, GRANT, found_guild, problem, well
from tests.support.deployment import WholeDeployment


async def test_a_gig_goes_from_its_offer_to_the_payment_and_both_statements_say_so(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Painters")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    agreement = await guild.agree(employer, worker, 120)
    await guild.deliver(worker, agreement)
    assert well(await guild.pay(employer, agreement))["state"] == "paid"
    assert await guild.statement(employer) == [
        ("joining_grant", GRANT, GRANT),
        ("escrow_fund", -120, GRANT - 120),
    ]
    assert await guild.statement(worker) == [
        ("joining_grant", GRANT, GRANT),
        ("escrow_pay", 120, GRANT + 120),
    ]


async def test_a_worker_who_misses_the_deadline_cannot_keep_the_money_from_the_employer(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Potters")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    agreement = await guild.agree(employer, worker, 120)
    await deployment.advance(timedelta(seconds=3_590))
    assert (await guild.read(employer, f"/agreements/{agreement}"))["state"] == "funded"
    await guild.becomes(employer, f"/agreements/{agreement}", "refunded")
    assert await guild.balance(employer) == GRANT
    assert await guild.balance(worker) == GRANT
    late = await worker.act("POST", f"{guild.path}/agreements/{agreement}/deliveries", {"note": "Here."})
    assert late.status_code == 409


async def test_an_employer_who_stays_silent_pays_the_worker(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Smiths")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    agreement = await guild.agree(employer, worker, 120, review_seconds=7_200)
    await guild.deliver(worker, agreement)
    await deployment.advance(timedelta(seconds=7_190))
    assert (await guild.read(worker, f"/agreements/{agreement}"))["state"] == "delivered"
    await guild.becomes(worker, f"/agreements/{agreement}", "paid")
    assert await guild.balance(worker) == GRANT + 120


async def test_a_delivery_names_its_files_and_the_other_party_opens_them(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Scribes")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    agreement = await guild.agree(employer, worker, 10)
    written = b"The charter, in Portuguese."
    digest = sha256(written).hexdigest()
    path = f"{guild.path}/agreements/{agreement}/files"
    added = await worker.put_file(f"{path}/{digest}?name=Charter.txt", written)
    assert added.status_code == 201, added.text
    delivered = await worker.act(
        "POST", f"{guild.path}/agreements/{agreement}/deliveries", {"files": [digest]}
    )
    assert delivered.status_code == 200, delivered.text
    for _ in range(4):  # whichever replica answers
        (file,) = (await employer.get(path)).json()["items"]
        opened = await deployment.http.get(file["link"])
        assert (opened.status_code, opened.content) == (200, written)


async def test_of_two_bids_for_one_gig_accepted_at_once_one_is_agreed(deployment: WholeDeployment) -> None:
    guild = await found_guild(deployment, "Guild of Dyers")
    workers = [await guild.join("worker"), await guild.join("worker")]
    first = await guild.bid(guild.founder, workers[0], 100)
    offer = (await guild.read(guild.founder, "/offers"))["items"][0]["id"]
    second = await guild.bid_for(offer, workers[1], 100)
    answers = await asyncio.gather(*(guild.accept(guild.founder, bid, 100) for bid in (first, second)))
    (agreed,) = [answer.json()["id"] for answer in answers if answer.status_code in {201, 202}]
    assert [answer.status_code for answer in answers if answer.status_code not in {201, 202}] == [409]
    await guild.becomes(guild.founder, f"/agreements/{agreed}", "funded")
    assert await guild.balance(guild.founder) == FOUNDERS_SHARE - 100


async def test_of_two_agreements_that_one_purse_cannot_pay_one_is_funded(
    deployment: WholeDeployment,
) -> None:
    guild = await found_guild(deployment, "Guild of Tilers")
    employer, worker = await guild.join("employer"), await guild.join("worker")
    bids = [await guild.bid(employer, worker, 200) for _ in range(2)]
    answers = await asyncio.gather(*(guild.accept(employer, bid, 200) for bid in bids))
    (refused,) = [answer for answer in answers if not answer.is_success]
    assert problem(refused) == (409, "refused-by-ledger")
    assert await guild.balance(employer) == GRANT - 200
    states = {(await guild.read(employer, f"/agreements/{bid}"))["state"] for bid in bids}
    assert states == {"funded", "unfunded"}
