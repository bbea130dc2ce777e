"""Members of a large entry are told in steps, also by a timer that the release before has set."""

from uuid import UUID

from services.ledger.use_cases.tell_members import TELL_MEMBERS
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import UNION, LedgerHouse, member_id


async def test_a_timer_of_the_release_before_tells_all(house: LedgerHouse) -> None:
    assert await house.pay(1, 2, 10, named("paid")) == ("posted", None)
    told = await house.published("notice.requested.ledger")
    (row,) = await house.rows("SELECT sequence FROM transfers WHERE code = 10")
    payload = {
        "union_id": UNION,
        "first": row["sequence"],
        "last": row["sequence"],
        "after_payee": 0,
        "after_payer": UUID(int=0),
    }
    async with house.unit() as unit:
        await unit.set_timer(TELL_MEMBERS, f"{UNION}:{row['sequence']}", unit.now, payload)
    assert await house.run_timers() == 1
    again = (await house.published("notice.requested.ledger"))[len(told) :]
    assert [(one["kind"], one["member_id"]) for one in again] == [("payment.received", str(member_id(2)))]
