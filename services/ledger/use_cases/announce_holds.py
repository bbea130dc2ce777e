"""Tell of holds that were opened or ended, and have those that were opened end at their time."""

from collections.abc import Collection, Mapping
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from events.ledger import MAX_TRANSFERS_PER_EVENT, ChangedHold, HoldChanged
from services.ledger.domain.accounts import Account
from services.ledger.domain.holds import Hold, HoldState
from services.ledger.domain.journal import Entry, microseconds

END_HOLDS = "end_holds"


async def announce_holds(
    unit: UnitOfWork, entry: Entry, holds: Collection[Hold], accounts: Mapping[UUID, Account]
) -> None:
    told = [
        ChangedHold(
            id=hold.id,
            state=hold.state.value,
            asset=accounts[hold.debit_account].asset,
            minor=hold.amount_minor,
            taken_minor=hold.taken_minor,
        )
        for hold in holds
    ]
    for start in range(0, len(told), MAX_TRANSFERS_PER_EVENT):
        unit.publish(
            HoldChanged(
                union_id=entry.union_id,
                entry_number=entry.number,
                changed_at=entry.time,
                holds=tuple(told[start : start + MAX_TRANSFERS_PER_EVENT]),
            )
        )
    ends = {(hold.debit_account, hold.expires_at) for hold in holds if hold.state is HoldState.PENDING}
    for account_id, expires_at in sorted(ends):
        key = f"{entry.union_id}:{account_id}:{microseconds(expires_at)}"
        payload = {"union_id": entry.union_id, "account_id": account_id}
        await unit.set_timer(END_HOLDS, key, expires_at, payload)
