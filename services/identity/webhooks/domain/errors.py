"""What webhooks refuse."""

from uuid import UUID

from chassis.errors import DomainError


class WebhookNotFound(DomainError):
    def __init__(self, webhook_id: UUID) -> None:
        super().__init__("the union has no such webhook")
        self.webhook_id = str(webhook_id)


class DeliveryNotFound(DomainError):
    def __init__(self, delivery_id: UUID) -> None:
        super().__init__("the webhook has no such delivery")
        self.delivery_id = str(delivery_id)


class WebhookLimit(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("the union has as many webhooks as are allowed")
        self.limit = limit


class WebhookUrlRefused(DomainError):
    def __init__(self, ground: str) -> None:
        super().__init__("nothing may be sent to this URL")
        self.ground = ground


class EventTypeNotPublic(DomainError):
    """A webhook tells what those outside may know; `allowed` lists the types."""

    def __init__(self, event_type: str, allowed: str) -> None:
        super().__init__("webhooks tell no events of this type")
        self.event_type = event_type
        self.allowed = allowed


class WebhookDisabled(DomainError):
    def __init__(self, reason: str) -> None:
        super().__init__("nothing is sent while the webhook is disabled")
        self.reason = reason
