"""Lists of a member's own account: by time, the newest first."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TypeVar
from uuid import UUID

from chassis.membership import Membership
from chassis.pages import Page, PageRequest, cursor_fields, cursor_id
from chassis.problems import CURSOR_INVALID, Problem
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import Account, member_account_id
from services.ledger.store.accounts import load_accounts

Line = TypeVar("Line")
View = TypeVar("View")

_LAST_PLACE = (datetime.max.replace(tzinfo=UTC), UUID(int=2**128 - 1))
"""Behind every (time, id)."""


async def own_account(unit: UnitOfWork, member: Membership) -> Account | None:
    """None while the ledger has not opened it."""
    account_id = member_account_id(member.union.id, member.member_id)
    return (await load_accounts(await unit.raw(), member.union.id, [account_id])).get(account_id)


def place_by_time(paging: PageRequest) -> tuple[datetime, UUID]:
    """Where a list by (time, id) goes on; Problem 400 for another list's cursor."""
    if paging.after is None:
        return _LAST_PLACE
    moment, last_id = cursor_fields(paging.after, str, str)
    try:
        time = datetime.fromisoformat(str(moment))
    except ValueError:
        raise Problem(CURSOR_INVALID) from None
    if time.tzinfo is None:
        raise Problem(CURSOR_INVALID)
    return time, cursor_id(last_id)


def page_by_time(
    paging: PageRequest,
    lines: Sequence[Line],
    view: Callable[[Line], View],
    place: Callable[[Line], tuple[datetime, UUID]],
) -> Page[View]:
    """Of `lines` one more than `limit` was fetched, to see if more follow."""
    shown = lines[: paging.limit]
    views = [view(line) for line in shown]
    if len(lines) <= paging.limit:
        return paging.page(views, None)
    time, last_id = place(shown[-1])
    return paging.page(views, (time.isoformat(), str(last_id)))
