"""What the ledger does when its time has come: grants of a new day's budget, the next chunk of a run, the
next payees of a large entry, the end of a hold, what a schedule pays, the next step of a vesting."""

from datetime import date
from uuid import UUID

from chassis.peers import Peers
from chassis.timers import Timer, Timers
from chassis.unit_of_work import UnitOfWork
from services.ledger.use_cases import pay_joining_grants as grants
from services.ledger.use_cases import receive_run_lines as runs
from services.ledger.use_cases.announce_holds import END_HOLDS
from services.ledger.use_cases.announce_schedule import RUN_SCHEDULE
from services.ledger.use_cases.await_vesting import VEST
from services.ledger.use_cases.end_holds import end_holds
from services.ledger.use_cases.open_books import known_union
from services.ledger.use_cases.pay_joining_grants import pay_joining_grants
from services.ledger.use_cases.post_run_chunk import post_run_chunk
from services.ledger.use_cases.run_schedule import run_schedule
from services.ledger.use_cases.tell_members import TELL_MEMBERS, tell_next_members
from services.ledger.use_cases.vest_founders_share import vest_founders_share


def ledger_timers(peers: Peers, grants_at_once_max: int) -> Timers:
    timers = Timers()

    @timers.on(grants.TIMER)
    async def on_day(unit: UnitOfWork, timer: Timer) -> None:
        union = await known_union(unit, peers, UUID(timer.payload["union_id"]))
        day = date.fromisoformat(timer.payload["day"])
        await pay_joining_grants(unit, union, day, grants_at_once_max)

    @timers.on(runs.TIMER)
    async def on_chunk(unit: UnitOfWork, timer: Timer) -> None:
        union = await known_union(unit, peers, UUID(timer.payload["union_id"]))
        await post_run_chunk(unit, union, UUID(timer.payload["run_id"]))

    @timers.on(END_HOLDS)
    async def on_end_of_hold(unit: UnitOfWork, timer: Timer) -> None:
        union = await known_union(unit, peers, UUID(timer.payload["union_id"]))
        await end_holds(unit, union, UUID(timer.payload["account_id"]))

    @timers.on(RUN_SCHEDULE)
    async def on_due(unit: UnitOfWork, timer: Timer) -> None:
        union = await known_union(unit, peers, UUID(timer.payload["union_id"]))
        account_id, schedule_id = UUID(timer.payload["account_id"]), UUID(timer.payload["schedule_id"])
        await run_schedule(unit, union, account_id, schedule_id, timer.due)

    @timers.on(VEST)
    async def on_step(unit: UnitOfWork, timer: Timer) -> None:
        await vest_founders_share(unit, await known_union(unit, peers, UUID(timer.payload["union_id"])))

    timers.on(TELL_MEMBERS)(tell_next_members)
    return timers
