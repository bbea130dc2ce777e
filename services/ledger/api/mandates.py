"""Mandates: what a member lets another one take from their account, again and again, within a cap."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember, Membership, MembershipOfCaller
from chassis.money import MoneyBody, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import Settings
from services.ledger.api.own_lists import own_account, page_by_time, place_by_time
from services.ledger.domain.mandates import MandateStanding
from services.ledger.store.mandates import MandateLine, given_page, received_page
from services.ledger.use_cases.give_mandate import MandateDraft, MandateLimits, give_mandate
from services.ledger.use_cases.revoke_mandate import revoke_mandate

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class MandateBody(BaseModel):
    """A mandate: who may take, how much at most, and until when."""

    model_config = ConfigDict(extra="forbid")

    payee_id: Annotated[UUID, Field(description="The member who may debit me by `mandate_pay`.")]
    cap: Annotated[MoneyBody, Field(description="The most that they may take in one period, in all.")]
    renews_every_days: Annotated[
        int | None,
        Field(
            strict=True,
            ge=1,
            le=36_500,
            description="The cap is for so many days of 24 hours, then anew; without it, for the whole time.",
            examples=[30],
        ),
    ] = None
    expires_at: Annotated[AwareDatetime, Field(description="From then on it allows nothing.")]


class MandateView(BaseModel):
    """A mandate, as its giver and its payee see it."""

    id: UUID = Field(description="Chosen by its giver; `mandate_id` of the transfers that use it.")
    state: MandateStanding
    payer_id: UUID
    payee_id: UUID
    debit_account: UUID
    payee_account: UUID
    cap: MoneyView
    renews_every_days: int | None
    left: MoneyView = Field(description="What may still be taken in this period; nothing once it has ended.")
    given_at: datetime
    expires_at: datetime
    revoked_at: datetime | None

    @classmethod
    def of(cls, member: Membership, line: MandateLine, now: datetime) -> "MandateView":
        mandate, asset = line.mandate, member.union.token
        return cls(
            id=mandate.id,
            state=mandate.standing(now),
            payer_id=line.payer_id,
            payee_id=line.payee_id,
            debit_account=mandate.debit_account,
            payee_account=mandate.payee_account,
            cap=asset.money(mandate.cap_minor).view(),
            renews_every_days=mandate.renews_every_days,
            left=asset.money(mandate.left_at(now)).view(),
            given_at=mandate.given_at,
            expires_at=mandate.expires_at,
            revoked_at=mandate.revoked_at,
        )


class Side(StrEnum):
    """Whose mandates are listed."""

    GIVEN = "given"
    RECEIVED = "received"


@router.put("/mandates/{mandate}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_mandate(
    unit: Unit, member: ActiveMember, act: Act, settings: Settings, mandate: UUID, body: MandateBody
) -> MandateView:
    """Let a member debit my account. A signed act; the same again changes nothing, others are refused."""
    draft = MandateDraft(
        mandate,
        body.payee_id,
        body.cap.asset,
        body.cap.amount_minor(),
        body.renews_every_days,
        body.expires_at,
    )
    limits = MandateLimits(settings.mandates_per_account_max, settings.mandate_days_max)
    given = await give_mandate(unit, member, draft, limits, (act.key_id, act.nonce))
    return MandateView.of(member, given, unit.now)


@router.delete("/mandates/{mandate}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_mandate(unit: Unit, member: MembershipOfCaller, _: Act, mandate: UUID) -> MandateView:
    """Revoke a mandate that I gave, at once. A signed act; also for those who have left."""
    return MandateView.of(member, await revoke_mandate(unit, member, mandate), unit.now)


@router.get("/mandates", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_mandates(
    unit: Unit,
    member: MembershipOfCaller,
    paging: Paging,
    side: Annotated[Side, Query(description="Those that I gave, or those that let me take.")] = Side.GIVEN,
) -> Page[MandateView]:
    """My mandates, the newest first."""
    own = await own_account(unit, member)
    if own is None:
        return paging.page([], None)
    read = given_page if side is Side.GIVEN else received_page
    place = place_by_time(paging)
    lines = await read(await unit.raw(), member.union.id, own.number, place, paging.limit + 1)
    return page_by_time(
        paging,
        lines,
        lambda line: MandateView.of(member, line, unit.now),
        lambda line: (line.mandate.given_at, line.mandate.id),
    )
