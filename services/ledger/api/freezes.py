"""Freezes: officers stop what leaves an account of a member or of a business, for a reason and for a time."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Request
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.fields import LINE_PATTERN
from chassis.membership import Membership, MembershipOfCaller
from chassis.problems import problem_responses
from chassis.rights.grants import Right
from chassis.rights.standing import BusinessRights
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import Moderator, Settings, may_of_caller, sees_business
from services.ledger.api.fields import AccountOfPath
from services.ledger.domain.accounts import Account, AccountKind
from services.ledger.domain.errors import AccountNotFound
from services.ledger.domain.freezes import Freeze, FreezeStanding
from services.ledger.store.accounts import load_accounts
from services.ledger.store.freezes import newest_freeze
from services.ledger.use_cases.freeze_account import FreezeDraft, freeze_account

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class FreezeBody(BaseModel):
    """For how long and why. Withdrawals, refunds and holds given before are not stopped."""

    model_config = ConfigDict(extra="forbid")

    until: Annotated[AwareDatetime, Field(description="From then on it is over by itself.")]
    reason: Annotated[
        str,
        Field(
            min_length=1,
            max_length=280,
            pattern=LINE_PATTERN,
            description="The member reads it.",
            examples=["The device is reported stolen."],
        ),
    ]


class FreezeView(BaseModel):
    """The account's newest freeze or thaw; `at` and what follows are null where there never was one, `reason`
    of a thaw too."""

    account_id: UUID
    state: FreezeStanding
    until: datetime | None
    reason: str | None
    officer_id: UUID | None
    at: datetime | None

    @classmethod
    def of(cls, account_id: UUID, freeze: Freeze | None, now: datetime) -> "FreezeView":
        return cls(
            account_id=account_id,
            state=FreezeStanding.THAWED if freeze is None else freeze.standing(now),
            until=None if freeze is None else freeze.until,
            reason=None if freeze is None else freeze.reason,
            officer_id=None if freeze is None else freeze.officer_id,
            at=None if freeze is None else freeze.at,
        )


@router.get("/accounts/{account}/freeze", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_freeze(
    request: Request, unit: Unit, member: MembershipOfCaller, account: AccountOfPath
) -> FreezeView:
    """How the account stands: for whose it is, who holds a right in its business, or may moderate."""
    raw, union_id = await unit.raw(), member.union.id
    found = (await load_accounts(raw, union_id, [account])).get(account)
    if found is None or found.owner_id is None or not await _may_see(request, member, found, found.owner_id):
        raise AccountNotFound(account)
    return FreezeView.of(account, await newest_freeze(raw, union_id, found.number), unit.now)


async def _may_see(request: Request, member: Membership, account: Account, owner_id: UUID) -> bool:
    is_business = account.kind is AccountKind.BUSINESS
    is_theirs = (
        await sees_business(request, member, owner_id) if is_business else owner_id == member.member_id
    )
    return is_theirs or await may_of_caller(request, member.union.slug, Right.MODERATE)


@router.put("/accounts/{account}/freeze", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_freeze(
    request: Request,
    unit: Unit,
    officer: Moderator,
    act: Act,
    settings: Settings,
    account: AccountOfPath,
    body: FreezeBody,
) -> FreezeView:
    """Freeze an account of a member or of a business, or change until when and why.

    A signed act of who may moderate.
    """
    draft = FreezeDraft(account, body.until, body.reason)
    key = (act.key_id, act.nonce)
    rights: BusinessRights = request.app.state.business_rights
    _, freeze = await freeze_account(
        unit, officer.member, officer.ground, draft, settings.freeze_days_max, rights, key
    )
    return FreezeView.of(account, freeze, unit.now)


@router.delete("/accounts/{account}/freeze", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_freeze(
    request: Request, unit: Unit, officer: Moderator, act: Act, settings: Settings, account: AccountOfPath
) -> FreezeView:
    """End the freeze before its time. A signed act of who may moderate; again, it changes nothing."""
    draft = FreezeDraft(account, None)
    key = (act.key_id, act.nonce)
    rights: BusinessRights = request.app.state.business_rights
    _, freeze = await freeze_account(
        unit, officer.member, officer.ground, draft, settings.freeze_days_max, rights, key
    )
    return FreezeView.of(account, freeze, unit.now)
