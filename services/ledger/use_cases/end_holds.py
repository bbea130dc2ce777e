"""Give back what was reserved on an account by holds whose time has ended."""

from uuid import UUID

from chassis.membership import UnionView
from chassis.unit_of_work import UnitOfWork
from services.ledger.use_cases.open_books import lock_books
from services.ledger.use_cases.post_entry import post_together


async def end_holds(unit: UnitOfWork, union: UnionView, account_id: UUID) -> None:
    """One entry for all of them; none where a transfer of the account came first, or all were ended."""
    head = await lock_books(unit, union)
    await post_together(unit, union, head, [], touched={account_id})
