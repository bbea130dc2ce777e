"""Queue events for webhooks: what happened, a test, and what shall be sent again."""

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING
from uuid import UUID

import orjson

from chassis.unit_of_work import UnitOfWork
from chassis.visibility.rights import Viewer, may_see
from services.identity.store import charters, unions
from services.identity.webhooks.domain.delivery import Delivery, DeliveryState
from services.identity.webhooks.domain.errors import DeliveryNotFound, WebhookDisabled
from services.identity.webhooks.domain.webhook import Webhook, WebhookState
from services.identity.webhooks.store.deliveries import add_deliveries, find_delivery, save_delivery
from services.identity.webhooks.store.webhooks import active_webhooks
from services.identity.webhooks.use_cases.founders_union import founders_webhook

if TYPE_CHECKING:
    from chassis.visibility.event import LiveEvent

TESTED = "webhook.tested"
_EVERYBODY = Viewer()


async def queue_events(unit: UnitOfWork, events: Sequence["LiveEvent"]) -> int:
    """A delivery for each webhook that wants and may see an event; repeats add none. Returns the new ones."""
    raw = await unit.raw()
    of_unions = [(event.union_id, event) for event in events if event.union_id is not None]
    webhooks = await active_webhooks(raw, {union_id for union_id, _ in of_unions})
    if not webhooks:
        return 0
    parameters = {union_id: await _parameters(unit, union_id) for union_id in webhooks}
    deliveries = [
        _delivery(unit, webhook, event.id, event.type, event.json)
        for union_id, event in of_unions
        if union_id in webhooks and may_see(_EVERYBODY, event, parameters[union_id])
        for webhook in webhooks[union_id]
        if webhook.wants(event.type, event.envelope.time)
    ]
    return await add_deliveries(raw, deliveries) if deliveries else 0


async def queue_test(unit: UnitOfWork, member_id: UUID, union: str, webhook_id: UUID) -> Delivery:
    """An event that says nothing. Raises UnionNotFound, FounderOnly, WebhookNotFound, WebhookDisabled."""
    webhook = await founders_webhook(unit, union, member_id, webhook_id)
    _require_active(webhook)
    event_id = unit.ids.new()
    body = {
        "specversion": "1.0",
        "id": str(event_id),
        "source": "/services/identity",
        "type": TESTED,
        "subject": str(webhook.id),
        "time": unit.now.isoformat(),
        "datacontenttype": "application/json",
        "data": {"union_id": str(webhook.union_id), "webhook_id": str(webhook.id)},
    }
    delivery = _delivery(unit, webhook, event_id, TESTED, orjson.dumps(body))
    await add_deliveries(await unit.raw(), [delivery])
    return delivery


async def queue_again(
    unit: UnitOfWork, member_id: UUID, union: str, webhook_id: UUID, delivery_id: UUID
) -> Delivery:
    """Send it anew, whatever became of it: as many tries as a new one, under the same id.

    Raises UnionNotFound, FounderOnly, WebhookNotFound, WebhookDisabled, DeliveryNotFound.
    """
    webhook = await founders_webhook(unit, union, member_id, webhook_id)
    _require_active(webhook)
    raw = await unit.raw()
    delivery = await find_delivery(raw, webhook.id, delivery_id)
    if delivery is None:
        raise DeliveryNotFound(delivery_id)
    after = replace(delivery, state=DeliveryState.WAITING, attempts_count=0, next_attempt_at=unit.now)
    await save_delivery(raw, after)
    return after


def _require_active(webhook: Webhook) -> None:
    if webhook.state is not WebhookState.ACTIVE:
        assert webhook.reason is not None
        raise WebhookDisabled(webhook.reason.value)


def _delivery(unit: UnitOfWork, webhook: Webhook, event_id: UUID, event_type: str, body: bytes) -> Delivery:
    return Delivery(
        id=unit.ids.new(),
        webhook_id=webhook.id,
        event_id=event_id,
        event_type=event_type,
        body=body,
        state=DeliveryState.WAITING,
        attempts_count=0,
        created_at=unit.now,
        next_attempt_at=unit.now,
    )


async def _parameters(unit: UnitOfWork, union_id: UUID) -> dict[str, object]:
    union = await unions.union_named(unit, str(union_id))
    assert union is not None
    adopted = await charters.charter_version(unit, union_id, union.charter_version)
    assert adopted is not None
    document: dict[str, object] = adopted.charter.document()["parameters"]  # pyright: ignore[reportAssignmentType]
    return document
