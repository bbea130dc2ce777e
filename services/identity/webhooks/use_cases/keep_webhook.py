"""Make, change, rotate and remove a webhook: the founder's acts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from uuid import UUID

from chassis.egress.urls import UrlRefused, checked_url
from chassis.unit_of_work import UnitOfWork
from events.visibility import OUTSIDE_TYPES
from services.identity.settings import IdentitySettings
from services.identity.use_cases.issue_nonce import RandomBytes
from services.identity.webhooks.domain.errors import EventTypeNotPublic, WebhookLimit, WebhookUrlRefused
from services.identity.webhooks.domain.secret import SECRET_BYTES
from services.identity.webhooks.domain.webhook import (
    DisabledReason,
    Webhook,
    WebhookState,
    disabled,
    enabled,
    rotated,
)
from services.identity.webhooks.store.deliveries import drop_waiting
from services.identity.webhooks.store.webhooks import (
    add_webhook,
    remove_webhook,
    save_webhook,
    webhooks_of,
)
from services.identity.webhooks.use_cases.founders_union import founders_union, founders_webhook


@dataclass(frozen=True, slots=True)
class WebhookChange:
    """What shall be otherwise; None stays as it is."""

    url: str | None = None
    types: tuple[str, ...] | None = None
    note: str | None = None
    state: WebhookState | None = None


async def make_webhook(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    member_id: UUID,
    union: str,
    wanted: WebhookChange,
) -> Webhook:
    """It tells what happens from now on.

    Raises UnionNotFound, UnionDissolved, FounderOnly, WebhookLimit, WebhookUrlRefused, EventTypeNotPublic.
    """
    found = await founders_union(unit, union, member_id, lock=True)
    found.require_active()
    raw = await unit.raw()
    if len(await webhooks_of(raw, found.id)) >= settings.webhooks_per_union_max:
        raise WebhookLimit(settings.webhooks_per_union_max)
    webhook = Webhook(
        id=unit.ids.new(),
        union_id=found.id,
        url=_checked(wanted.url or "", settings),
        types=_public(wanted.types or ()),
        note=wanted.note or "",
        secret=random_bytes(SECRET_BYTES),
        previous_secret=None,
        previous_until=None,
        state=WebhookState.ACTIVE,
        reason=None,
        active_since=unit.now,
        failures_count=0,
        failing_since=None,
        paused_until=None,
        created_by=member_id,
        created_at=unit.now,
        changed_at=unit.now,
    )
    await add_webhook(raw, webhook)
    _record(unit, webhook, "make a webhook")
    return webhook


async def change_webhook(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    webhook_id: UUID,
    change: WebhookChange,
) -> Webhook:
    """The webhook after the change; disabling drops what waits, enabling begins anew.

    Raises UnionNotFound, FounderOnly, WebhookNotFound, WebhookUrlRefused, EventTypeNotPublic.
    """
    webhook = await founders_webhook(unit, union, member_id, webhook_id, lock=True)
    after = replace(
        webhook,
        url=webhook.url if change.url is None else _checked(change.url, settings),
        types=webhook.types if change.types is None else _public(change.types),
        note=webhook.note if change.note is None else change.note,
        changed_at=unit.now,
    )
    raw = await unit.raw()
    if change.state is not None and change.state is not webhook.state:
        if change.state is WebhookState.ACTIVE:
            after = enabled(after, unit.now)
        else:
            after = disabled(after, DisabledReason.FOUNDER, unit.now)
            await drop_waiting(raw, webhook.id)
    await save_webhook(raw, after)
    _record(unit, after, "change a webhook")
    return after


async def rotate_secret(
    unit: UnitOfWork,
    settings: IdentitySettings,
    random_bytes: RandomBytes,
    member_id: UUID,
    union: str,
    webhook_id: UUID,
) -> Webhook:
    """Raises UnionNotFound, FounderOnly, WebhookNotFound."""
    webhook = await founders_webhook(unit, union, member_id, webhook_id, lock=True)
    overlap = timedelta(seconds=settings.webhook_secret_overlap_seconds)
    after = rotated(webhook, random_bytes(SECRET_BYTES), overlap, unit.now)
    await save_webhook(await unit.raw(), after)
    _record(unit, after, "rotate a webhook's secret")
    return after


async def forget_webhook(unit: UnitOfWork, member_id: UUID, union: str, webhook_id: UUID) -> None:
    """With its log. Raises UnionNotFound, FounderOnly, WebhookNotFound."""
    webhook = await founders_webhook(unit, union, member_id, webhook_id, lock=True)
    await remove_webhook(await unit.raw(), webhook.id)
    _record(unit, webhook, "remove a webhook")


def _checked(url: str, settings: IdentitySettings) -> str:
    try:
        return checked_url(
            url, bytes_max=settings.webhook_url_max_bytes, loopback_allowed=settings.egress_loopback_allowed
        )
    except UrlRefused as refused:
        raise WebhookUrlRefused(refused.ground) from None


def _public(types: Sequence[str]) -> tuple[str, ...]:
    for name in types:
        if name not in OUTSIDE_TYPES:
            raise EventTypeNotPublic(name, ", ".join(sorted(OUTSIDE_TYPES)))
    return tuple(sorted(set(types)))


def _record(unit: UnitOfWork, webhook: Webhook, basis: str) -> None:
    """The URL may carry a token of its own: it is not written down."""
    unit.record_act(
        basis,
        f"unions/{webhook.union_id}/webhooks/{webhook.id}",
        {"types": list(webhook.types), "state": webhook.state.value},
        union_id=webhook.union_id,
    )
