"""Holds: what is reserved by and for a member. They are opened and ended by transfers."""

from datetime import UTC, datetime, timedelta
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from chassis.membership import MembershipOfCaller
from chassis.money import MINOR_MAX, Asset, MoneyView
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.own_lists import own_account
from services.ledger.domain.holds import HoldState
from services.ledger.domain.journal import microseconds
from services.ledger.store.holds import HoldLine, ended_page, pending_page

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class HoldView(BaseModel):
    """An amount reserved for a payee: pending; posted (`taken` of it, the rest went back), voided, expired.

    One whose time has ended is expired, also while its transfer is still to come.
    """

    id: UUID = Field(description="Of the transfer that opened it; `pending_id` of the one that ends it.")
    state: HoldState
    payer_id: UUID
    payee_id: UUID
    debit_account: UUID
    credit_account: UUID
    amount: MoneyView
    taken: MoneyView
    opened_at: datetime
    expires_at: datetime
    closed_at: datetime | None
    memo: str | None

    @classmethod
    def of(cls, line: HoldLine, asset: Asset, now: datetime) -> "HoldView":
        is_due = line.state is HoldState.PENDING and line.expires_at <= now
        return cls(
            id=line.id,
            state=HoldState.EXPIRED if is_due else line.state,
            payer_id=line.payer_id,
            payee_id=line.payee_id,
            debit_account=line.debit_account,
            credit_account=line.credit_account,
            amount=asset.money(line.amount_minor).view(),
            taken=asset.money(line.taken_minor).view(),
            opened_at=line.opened_at,
            expires_at=line.expires_at,
            closed_at=line.expires_at if is_due else line.closed_at,
            memo=line.memo,
        )


@router.get("/holds", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_holds(
    unit: Unit,
    member: MembershipOfCaller,
    paging: Paging,
    ended: Annotated[bool, Query(description="Those that have ended, the newest first.")] = False,
) -> Page[HoldView]:
    """What I have reserved for others and others for me: what ends first comes first."""
    union, own = member.union, await own_account(unit, member)
    if own is None:
        return paging.page([], None)
    raw = await unit.raw()
    if ended:
        lines = await ended_page(raw, union.id, own.number, _before(paging.after), paging.limit + 1)
    else:
        lines = await pending_page(raw, union.id, own.number, _after(paging.after), paging.limit + 1)
    shown = lines[: paging.limit]
    views = [HoldView.of(line, union.token, unit.now) for line in shown]
    if len(lines) <= paging.limit:
        return paging.page(views, None)
    last = shown[-1]
    place = (last.sequence,) if ended else (microseconds(last.expires_at), last.sequence)
    return paging.page(views, place)


def _before(after: tuple[str | int, ...] | None) -> int:
    return MINOR_MAX if after is None else _in_bounds(*cursor_fields(after, int))


def _after(after: tuple[str | int, ...] | None) -> tuple[datetime, int]:
    if after is None:
        return _EPOCH, 0
    moment, sequence = (_in_bounds(value) for value in cursor_fields(after, int, int))
    try:
        return _EPOCH + timedelta(microseconds=moment), sequence
    except OverflowError:
        raise Problem(CURSOR_INVALID) from None


def _in_bounds(value: str | int) -> int:
    if not 0 <= int(value) <= MINOR_MAX:
        raise Problem(CURSOR_INVALID)
    return int(value)
