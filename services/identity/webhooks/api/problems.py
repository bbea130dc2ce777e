"""The webhooks' part of identity's table from facts to statuses and titles."""

from collections.abc import Mapping

from chassis.errors import DomainError
from chassis.problems import ProblemType
from services.identity.webhooks.domain import errors

WEBHOOK_PROBLEMS: Mapping[type[DomainError], ProblemType] = {
    errors.WebhookNotFound: ProblemType(
        "webhook-not-found", 404, "Not found", "This union has no webhook {webhook_id}."
    ),
    errors.DeliveryNotFound: ProblemType(
        "webhook-delivery-not-found", 404, "Not found", "The webhook's log has no delivery {delivery_id}."
    ),
    errors.WebhookLimit: ProblemType(
        "webhook-limit-reached",
        409,
        "Enough webhooks",
        "A union has at most {limit}: remove one that is not needed.",
    ),
    errors.WebhookUrlRefused: ProblemType(
        "webhook-url-refused", 400, "Nothing may be sent to this URL", "Of the URL: {ground}."
    ),
    errors.EventTypeNotPublic: ProblemType(
        "event-type-not-public",
        400,
        "Webhooks tell no such events",
        "{event_type} is not among: {allowed}.",
    ),
    errors.WebhookDisabled: ProblemType(
        "webhook-disabled",
        409,
        "The webhook is disabled",
        "Its reason is: {reason}. Enable it first, by PATCH with the state active.",
    ),
}
