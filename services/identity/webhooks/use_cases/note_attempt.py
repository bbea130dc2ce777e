"""Write down what came of sending a delivery once, and what that means for its webhook."""

from dataclasses import dataclass
from datetime import timedelta

from chassis.retries import Retries
from chassis.unit_of_work import UnitOfWork
from services.identity.webhooks.domain.delivery import (
    Attempt,
    Delivery,
    DeliveryState,
    asked_pause,
    tried,
)
from services.identity.webhooks.domain.webhook import (
    DisabledReason,
    Webhook,
    WebhookState,
    answered,
    disabled,
    failed,
)
from services.identity.webhooks.store.deliveries import drop_waiting, find_delivery, save_delivery
from services.identity.webhooks.store.webhooks import find_webhook, save_webhook


@dataclass(frozen=True, slots=True)
class Patience:
    """How long an endpoint that fails is borne with, and the longest that it is left alone in between."""

    retries: Retries
    pause_max: timedelta
    failing_max: timedelta


async def note_attempt(
    unit: UnitOfWork, sent: Delivery, webhook: Webhook, attempt: Attempt, patience: Patience, chance: float
) -> Webhook | None:
    """The webhook as it is now; None where it was removed meanwhile, or nothing waits for it any more."""
    raw = await unit.raw()
    present = await find_webhook(raw, webhook.union_id, webhook.id, lock=True)
    delivery = await find_delivery(raw, webhook.id, sent.id)
    if present is None or delivery is None:
        return None
    if delivery.state is DeliveryState.WAITING:
        await save_delivery(raw, tried(delivery, attempt, patience.retries, chance))
    after = _after(unit, present, attempt, patience, chance)
    if after.state is WebhookState.DISABLED:
        await drop_waiting(raw, webhook.id)
    await save_webhook(raw, after)
    return after if after.state is WebhookState.ACTIVE else None


def _after(
    unit: UnitOfWork, webhook: Webhook, attempt: Attempt, patience: Patience, chance: float
) -> Webhook:
    if attempt.is_taken:
        return answered(webhook)
    if attempt.is_gone:
        return disabled(webhook, DisabledReason.GONE, unit.now)
    pause = timedelta()
    if attempt.is_endpoints_fault:
        grown = min(patience.retries.pause(webhook.failures_count + 1, chance), patience.pause_max)
        pause = max(grown, asked_pause(attempt, patience.retries))
    return failed(webhook, pause, patience.failing_max, unit.now)
