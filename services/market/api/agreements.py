"""Agreements: seen and acted on by their two parties, also after one of them has left the union."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from chassis.auth.dependencies import Act
from chassis.fields import CleanText
from chassis.files.api import DIGEST_PATTERN, Files
from chassis.files.tables import Subject
from chassis.membership import MembershipOfCaller
from chassis.money import Money, MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.market.domain.agreements import Agreement, AgreementState
from services.market.domain.errors import AgreementNotFound
from services.market.settings import MarketSettings
from services.market.store.agreements import fetch_agreement, list_agreements
from services.market.use_cases.accept_delivery import accept_delivery
from services.market.use_cases.cancel_agreement import cancel_agreement
from services.market.use_cases.deliver_work import deliver_work
from services.market.use_cases.keep_agreement_files import AGREEMENT, require_files

router = APIRouter(prefix="/v1/unions/{union}/agreements", tags=["market"], route_class=TransactionRoute)


class DeliveryBody(BaseModel):
    """What was done, and where to find it."""

    model_config = ConfigDict(extra="forbid")

    note: Annotated[CleanText, Field(examples=["Both pages, as agreed."])] = ""
    files: Annotated[
        list[Annotated[str, Field(pattern=DIGEST_PATTERN)]],
        Field(max_length=1_000, description="Digests of files of the agreement: the signed act binds them."),
    ] = []


class AgreementView(BaseModel):
    """An agreement as its two parties see it; its id is that of the accepted bid."""

    id: UUID
    union_id: UUID
    offer_id: UUID
    state: AgreementState
    employer_id: UUID
    worker_id: UUID
    price: MoneyView
    delivery_seconds: int
    review_seconds: int
    agreed_at: datetime
    funded_at: datetime | None
    delivery_due_at: datetime | None
    delivered_at: datetime | None
    delivery_note: str | None
    review_due_at: datetime | None
    cancellation_proposed_at: Annotated[
        datetime | None,
        Field(description="When the employer proposed to cancel; the worker confirms by cancelling."),
    ]
    settled_at: datetime | None
    refusal: Annotated[str | None, Field(description="What the ledger said when it last refused to pay.")]

    @classmethod
    def of(cls, agreement: Agreement) -> "AgreementView":
        return cls(
            id=agreement.agreement_id,
            union_id=agreement.union_id,
            offer_id=agreement.offer_id,
            state=agreement.state,
            employer_id=agreement.employer_id,
            worker_id=agreement.worker_id,
            price=Money(agreement.asset, agreement.asset_scale, agreement.price_minor).view(),
            delivery_seconds=agreement.delivery_seconds,
            review_seconds=agreement.review_seconds,
            agreed_at=agreement.agreed_at,
            funded_at=agreement.funded_at,
            delivery_due_at=agreement.delivery_due_at,
            delivered_at=agreement.delivered_at,
            delivery_note=agreement.delivery_note,
            review_due_at=agreement.review_due_at,
            cancellation_proposed_at=agreement.cancellation_proposed_at,
            settled_at=agreement.settled_at,
            refusal=agreement.refusal,
        )


@router.get("", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_agreements(
    unit: Unit,
    member: MembershipOfCaller,
    paging: Paging,
    state: Annotated[AgreementState | None, Query()] = None,
    role: Annotated[Literal["employer", "worker"] | None, Query(description="As which party.")] = None,
) -> Page[AgreementView]:
    """The caller's own agreements, the newest bids first."""
    rows = await list_agreements(
        unit,
        member.union.id,
        employer_id=member.member_id if role != "worker" else None,
        worker_id=member.member_id if role != "employer" else None,
        state=state,
        before=paging.after_id,
        limit=paging.limit + 1,
    )
    return paging.page_by_id(rows, AgreementView.of, lambda agreement: agreement.agreement_id)


@router.get("/{agreement}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_agreement(unit: Unit, member: MembershipOfCaller, agreement: UUID) -> AgreementView:
    """One of the caller's agreements; to others it does not exist."""
    found = await fetch_agreement(unit, member.union.id, agreement)
    if found is None or member.member_id not in {found.employer_id, found.worker_id}:
        raise AgreementNotFound(agreement)
    return AgreementView.of(found)


@router.post("/{agreement}/deliveries", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_delivery(
    request: Request,
    unit: Unit,
    member: MembershipOfCaller,
    act: Act,
    files: Files,
    agreement: UUID,
    body: DeliveryBody,
) -> AgreementView:
    """The worker delivers; the employer's review time begins."""
    settings: MarketSettings = request.app.state.chassis.settings
    delivered = await deliver_work(
        unit, settings.limits(), member.union.id, agreement, member.member_id, body.note
    )
    await require_files(unit, files, Subject(member.union.id, AGREEMENT, agreement), body.files)
    return AgreementView.of(delivered)


@router.post(
    "/{agreement}/acceptance",
    responses={
        202: {"model": AgreementView, "description": "Accepted; the ledger has not paid yet."},
        **problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
async def post_delivery_acceptance(
    unit: Unit, member: MembershipOfCaller, act: Act, agreement: UUID
) -> AgreementView:
    """The employer accepts the delivery; the worker is paid from the escrow."""
    return AgreementView.of(await accept_delivery(unit, member.union.id, agreement, member.member_id))


@router.post(
    "/{agreement}/cancellation",
    responses={
        202: {"model": AgreementView, "description": "Cancelled; the ledger has not refunded yet."},
        **problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
    },
)
async def post_cancellation(
    unit: Unit, member: MembershipOfCaller, act: Act, agreement: UUID
) -> AgreementView:
    """Cancel: the worker at any time before a delivery is accepted, the employer alone once the delivery
    deadline has passed; before it the employer's cancellation is a proposal to the worker."""
    return AgreementView.of(await cancel_agreement(unit, member.union.id, agreement, member.member_id))
