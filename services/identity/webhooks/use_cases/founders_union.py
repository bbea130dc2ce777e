"""Whose webhooks they are: the union, where the caller is its founder."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import FounderOnly
from services.identity.domain.union import NetworkUnion
from services.identity.store import unions
from services.identity.use_cases.find_union import union_of
from services.identity.webhooks.domain.errors import WebhookNotFound
from services.identity.webhooks.domain.webhook import Webhook
from services.identity.webhooks.store.webhooks import find_webhook


async def founders_union(
    unit: UnitOfWork, union: str, member_id: UUID, *, lock: bool = False
) -> NetworkUnion:
    """Raises UnionNotFound, FounderOnly."""
    found = await union_of(unit, union, unions.lock_union if lock else unions.union_named)
    if found.head_id != member_id:
        raise FounderOnly("see and change webhooks")
    return found


async def founders_webhook(
    unit: UnitOfWork, union: str, member_id: UUID, webhook_id: UUID, *, lock: bool = False
) -> Webhook:
    """Raises UnionNotFound, FounderOnly, WebhookNotFound."""
    found = await founders_union(unit, union, member_id)
    webhook = await find_webhook(await unit.raw(), found.id, webhook_id, lock=lock)
    if webhook is None:
        raise WebhookNotFound(webhook_id)
    return webhook
