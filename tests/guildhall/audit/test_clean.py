"""A deployment in which everything was done by the rules audits clean, also while it works."""

import asyncio

from guildhall.audit.command import CLEAN, report
from guildhall.audit.run import PROMISES, audit
from tests.guildhall.audit.town import Town

NOTHING_YET = {"waiting", "tried and waiting", "failing", "settling", "waiting for the ledger"}


async def test_a_deployment_audits_clean(town: Town) -> None:
    verdicts = await audit(town.urls, town.deployment.clock)
    assert [verdict.checked.findings for verdict in verdicts if not verdict.holds] == []
    assert [verdict.promise for verdict in verdicts] == list(PROMISES)
    assert report(verdicts, as_json=False) == CLEAN


async def test_no_promise_holds_for_want_of_rows(town: Town) -> None:
    for verdict in await audit(town.urls, town.deployment.clock, looks_max=1):
        numbers = {
            name: number
            for name, number in verdict.checked.numbers.items()
            if name not in NOTHING_YET and not name.startswith(("behind in", "intents "))
        }
        assert all(numbers.values()), (verdict.promise.name, numbers)


async def test_a_deployment_audits_clean_while_it_works(town: Town) -> None:
    project = await town.propose(10_000, town.LONG)
    stopped = asyncio.Event()

    async def work() -> int:
        rounds = 0
        while not stopped.is_set():
            pledge = await town.pledge("backer", project, 1)
            agreement = await town.agree(1)
            await town.act("worker", "POST", f"/agreements/{agreement}/cancellation")
            await town.act("backer", "DELETE", f"/pledges/{pledge}")
            await town.act("worker", "PUT", f"/backlinks/{town.people['leader'].id}")
            await town.act("worker", "DELETE", f"/backlinks/{town.people['leader'].id}")
            rounds += 1
        return rounds

    working = asyncio.create_task(work())
    try:
        for _ in range(2):
            verdicts = await audit(town.urls, town.deployment.clock)
            assert [verdict.checked.findings for verdict in verdicts if not verdict.holds] == []
    finally:
        stopped.set()
        assert await working > 0
