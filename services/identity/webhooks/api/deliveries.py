"""The log of what was sent to a webhook, a test, and sending again."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act, SignedIn
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.unit_of_work import UnitOfWork
from services.identity.api.fields import UnionOfPath
from services.identity.webhooks.domain.delivery import Delivery, DeliveryState
from services.identity.webhooks.store.deliveries import deliveries_before
from services.identity.webhooks.use_cases.founders_union import founders_webhook
from services.identity.webhooks.use_cases.queue_deliveries import queue_again, queue_test

router = APIRouter(
    prefix="/v1/unions/{union}/webhooks/{webhook}", route_class=TransactionRoute, tags=["webhooks"]
)
NUMBERS_MAX = 2**63


class DeliveryView(BaseModel):
    """One event on its way; `event_id` is the header webhook-id, the same at every attempt."""

    id: UUID
    event_id: UUID
    event_type: str = Field(examples=["agreement.paid"])
    state: DeliveryState
    attempts_count: int
    created_at: datetime
    next_attempt_at: datetime | None
    last_attempt_at: datetime | None
    last_status: int | None = Field(description="What the endpoint answered.", examples=[503])
    last_error: str | None = Field(description="Why nothing was answered.", examples=["no connection"])
    last_took_ms: int | None

    @classmethod
    def of(cls, delivery: Delivery) -> "DeliveryView":
        last = delivery.last
        return cls(
            id=delivery.id,
            event_id=delivery.event_id,
            event_type=delivery.event_type,
            state=delivery.state,
            attempts_count=delivery.attempts_count,
            created_at=delivery.created_at,
            next_attempt_at=delivery.next_attempt_at,
            last_attempt_at=None if last is None else last.at,
            last_status=None if last is None else last.status,
            last_error=None if last is None else last.error,
            last_took_ms=None if last is None else last.took_ms,
        )


@router.get("/deliveries", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_deliveries(
    union: UnionOfPath,
    webhook: UUID,
    unit: Unit,
    claims: SignedIn,
    paging: Paging,
    state: Annotated[DeliveryState | None, Query()] = None,
) -> Page[DeliveryView]:
    """What was sent and what waits, the newest first; the founder's to see."""
    found = await founders_webhook(unit, union, claims.member_id, webhook)
    before = None if paging.after is None else _number(paging.after)
    rows = await deliveries_before(await unit.raw(), found.id, state, before, paging.limit + 1)
    shown = rows[: paging.limit]
    last = (shown[-1].number,) if len(rows) > paging.limit else None
    return paging.page([DeliveryView.of(delivery) for delivery in shown], last)


@router.post(
    "/test-deliveries",
    status_code=202,
    responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
)
async def post_test_delivery(
    union: UnionOfPath, webhook: UUID, request: Request, unit: Unit, claims: SignedIn, _: Act
) -> DeliveryView:
    """Send an event `webhook.tested` that says nothing: the founder's signed act."""
    delivery = await queue_test(unit, claims.member_id, union, webhook)
    _wake_after(request, unit)
    return DeliveryView.of(delivery)


@router.post(
    "/deliveries/{delivery}/retries",
    status_code=202,
    responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
)
async def post_retry(
    union: UnionOfPath, webhook: UUID, delivery: UUID, request: Request, unit: Unit, claims: SignedIn, _: Act
) -> DeliveryView:
    """Send it again, whatever became of it, under the same id: the founder's signed act."""
    queued = await queue_again(unit, claims.member_id, union, webhook, delivery)
    _wake_after(request, unit)
    return DeliveryView.of(queued)


def _number(after: tuple[str | int, ...]) -> int:
    """Problem 400 for a cursor of another list."""
    (number,) = (int(value) for value in cursor_fields(after, int))
    if not 0 <= number < NUMBERS_MAX:
        raise Problem(CURSOR_INVALID)
    return number


def _wake_after(request: Request, unit: UnitOfWork) -> None:
    unit.after_commit(request.app.state.webhooks.wake)
