"""Accounts: what their owners, their union's officers and the services that opened them see."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import orjson
from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.claims import Claims, MemberClaims
from chassis.auth.dependencies import AnyCaller
from chassis.membership import MembershipOfCaller, UnionOfPath
from chassis.money import AssetSymbol, Money, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.rights.grants import Right
from chassis.route import TransactionRoute, Unit
from chassis.unit_of_work import UnitOfWork
from services.ledger.api.dependencies import (
    OwnService,
    Settings,
    caller_sees_business,
    may_of_caller,
    principal_of_service,
)
from services.ledger.api.fields import AccountReference, UnionName
from services.ledger.domain.accounts import (
    MEMBER_KINDS,
    OFFICER_KINDS,
    Account,
    AccountKind,
    member_account_id,
    union_account_id,
)
from services.ledger.domain.errors import AccountNotFound
from services.ledger.store.accounts import AccountLook, load_accounts, look_at_account, without_due_holds
from services.ledger.use_cases.open_escrow import EscrowDraft, open_escrow_account

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class AccountView(BaseModel):
    """An account and its balance. Kind `grant` is locked until its member has settled an agreement, kind
    `vesting` until the steps of `supply/vesting`."""

    id: UUID
    kind: AccountKind
    owner_id: UUID | None
    resource: str | None = Field(description="What an escrow belongs to.")
    balance: MoneyView
    reserved: MoneyView = Field(description="In pending holds of this account: it cannot be spent.")
    expected: MoneyView = Field(description="In pending holds for this account: not yet its own.")
    frozen_until: datetime | None = Field(
        description="Until then only what was promised before, withdrawals and refunds leave it."
    )
    closed: bool = Field(
        description="An escrow that was emptied for ever; or of a business that has closed: nothing comes in."
    )

    @classmethod
    def of(cls, account: Account, scale: int, now: datetime) -> "AccountView":
        pending = account.pending
        return cls(
            id=account.id,
            kind=account.kind,
            owner_id=account.owner_id,
            resource=account.resource,
            balance=Money(account.asset, scale, account.balance_minor).view(),
            reserved=Money(account.asset, scale, pending.reserved_minor).view(),
            expected=Money(account.asset, scale, pending.expected_minor).view(),
            frozen_until=account.frozen_until if account.is_frozen_at(now) else None,
            closed=bool(account.closed_sequence) or account.is_shut,
        )


class EscrowBody(BaseModel):
    """An escrow: what may leave it, and to whom, is fixed at its opening."""

    model_config = ConfigDict(extra="forbid")

    kind: Literal["escrow"]
    asset: AssetSymbol
    resource: Annotated[str, Field(min_length=1, max_length=120, pattern=r"^[a-z]+/[A-Za-z0-9-]+$")]
    payees: list[AccountReference]
    exit_to: Annotated[
        AccountReference,
        Field(description="To whom the money returns; `contributors`: to each what they put in."),
    ]


@router.get("/accounts", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_accounts(
    request: Request, unit: Unit, member: MembershipOfCaller, paging: Paging
) -> Page[AccountView]:
    """My accounts in this union; who may audit sees the union's own besides. Also for those who have left."""
    union = member.union
    ids = [member_account_id(union.id, member.member_id, kind) for kind in MEMBER_KINDS]
    if await may_of_caller(request, union.slug, Right.AUDIT):
        ids += [union_account_id(union.id, kind) for kind in OFFICER_KINDS]
    raw = await unit.raw()
    found = await without_due_holds(raw, union.id, await load_accounts(raw, union.id, ids), unit.now)
    return paging.page(
        [
            AccountView.of(found[account_id], union.token.scale, unit.now)
            for account_id in ids
            if account_id in found
        ],
        None,
    )


@router.get(
    "/accounts/{account}",
    response_model=AccountView,
    responses=problem_responses(400, 401, 403, 404, 422, 503),
)
async def get_account(
    request: Request,
    unit: Unit,
    caller: AnyCaller,
    union: UnionName,
    account: UUID,
) -> Response:
    """One account with its balance."""
    look = await visible_account(request, union, account, caller)
    pending = look.pending
    view = {
        "id": str(look.id),
        "kind": look.kind.value,
        "owner_id": None if look.owner_id is None else str(look.owner_id),
        "resource": look.resource,
        "balance": _money(look, look.balance_minor),
        "reserved": _money(look, pending.reserved_minor),
        "expected": _money(look, pending.expected_minor),
        "frozen_until": look.frozen_until if look.is_frozen_at(unit.now) else None,
        "closed": look.closed,
    }
    return Response(orjson.dumps(view), media_type="application/json")


@router.put("/accounts/{account}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_account(
    request: Request,
    unit: Unit,
    union: UnionOfPath,
    service: OwnService,
    settings: Settings,
    account: UUID,
    body: EscrowBody,
) -> AccountView:
    """Open an escrow (services only). The same again changes nothing; another content is refused."""
    draft = EscrowDraft(account, body.asset, body.resource, body.payees, body.exit_to)
    peers = request.app.state.chassis.peers
    opened = await open_escrow_account(unit, peers, union, service, draft, settings.escrow_payees_max)
    return AccountView.of(opened, union.token.scale, unit.now)


async def visible_account(request: Request, union: str, account_id: UUID, caller: Claims) -> AccountLook:
    """The account, where the caller may see it; raises AccountNotFound also when there is none."""
    caller_id = caller.member_id if isinstance(caller, MemberClaims) else principal_of_service(caller).id
    unit: UnitOfWork = request.state.unit
    look = await look_at_account(unit.hot_reads(), _union_key(union), account_id, unit.now)
    if look is None or not (
        caller_id in (look.owner_id, look.opened_by) or await _may_see(request, union, look, caller)
    ):
        raise AccountNotFound(account_id)
    return look


async def _may_see(request: Request, union: str, look: AccountLook, caller: Claims) -> bool:
    """One of the union's own accounts, or that of a business."""
    if not isinstance(caller, MemberClaims):
        return False
    if look.kind is AccountKind.BUSINESS and look.owner_id is not None:
        return await caller_sees_business(request, union, look.owner_id)
    return look.kind in OFFICER_KINDS and await may_of_caller(request, union, Right.AUDIT)


def _union_key(union: str) -> UUID | str:
    try:
        return UUID(union)
    except ValueError:
        return union


def _money(look: AccountLook, minor: int) -> dict[str, str]:
    return {"asset": look.asset, "minor": str(minor), "text": Money(look.asset, look.scale, minor).text()}
