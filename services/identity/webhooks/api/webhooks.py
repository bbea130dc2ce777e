"""Webhooks of a union: made, seen, changed and removed by its founder."""

from datetime import datetime
from typing import Annotated, Any
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, SignedIn
from chassis.fields import LINE_PATTERN
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.webhooks.domain.secret import secret_text
from services.identity.webhooks.domain.webhook import DisabledReason, Webhook, WebhookState
from services.identity.webhooks.store.webhooks import webhooks_of
from services.identity.webhooks.use_cases.founders_union import founders_union, founders_webhook
from services.identity.webhooks.use_cases.keep_webhook import (
    WebhookChange,
    change_webhook,
    forget_webhook,
    make_webhook,
    rotate_secret,
)

router = APIRouter(prefix="/v1/unions/{union}/webhooks", route_class=TransactionRoute, tags=["webhooks"])

Url = Annotated[
    str,
    StringConstraints(min_length=1, max_length=8_192, pattern=LINE_PATTERN),
    Field(
        description="https, of the public network, port 443 or one of 1024 and above.",
        examples=["https://example.org/guildhall"],
    ),
]
EventTypes = Annotated[
    list[Annotated[str, StringConstraints(min_length=1, max_length=100, pattern=LINE_PATTERN)]],
    Field(max_length=50, description="Empty: every type that a webhook may tell.", examples=[["union"]]),
]
Note = Annotated[
    str,
    StringConstraints(max_length=200, pattern=LINE_PATTERN),
    Field(description="For yourself.", examples=["Our website"]),
]


class WebhookBody(BaseModel):
    """Where to send, and what."""

    model_config = ConfigDict(extra="forbid")

    url: Url
    types: EventTypes = []
    note: Note = ""


class WebhookChangeBody(BaseModel):
    """What shall be otherwise. `state` disables, or enables anew: what happened in between is not sent."""

    model_config = ConfigDict(extra="forbid")

    url: Url | None = None
    types: EventTypes | None = None
    note: Note | None = None
    state: WebhookState | None = None


class WebhookView(BaseModel):
    """A webhook as it stands."""

    id: UUID
    union_id: UUID
    url: str
    types: list[str]
    note: str
    state: WebhookState
    reason: DisabledReason | None = Field(description="Why it is disabled.")
    failing_since: datetime | None = Field(description="Its endpoint has taken nothing since.")
    paused_until: datetime | None = Field(description="Its endpoint is left alone until then.")
    previous_secret_until: datetime | None = Field(description="The former secret signs, too, until then.")
    created_at: datetime
    changed_at: datetime

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookView":
        return cls(**_shown(webhook))


class WebhookWithSecret(WebhookView):
    """The secret is told this once."""

    secret: str = Field(
        description="Of Standard Webhooks.", examples=["whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD"]
    )

    @classmethod
    def of(cls, webhook: Webhook) -> "WebhookWithSecret":
        return cls(**_shown(webhook), secret=secret_text(webhook.secret))


class WebhookListView(BaseModel):
    """All of them: a union has few."""

    items: list[WebhookView]


def _shown(webhook: Webhook) -> dict[str, Any]:
    return {
        "id": webhook.id,
        "union_id": webhook.union_id,
        "url": webhook.url,
        "types": list(webhook.types),
        "note": webhook.note,
        "state": webhook.state,
        "reason": webhook.reason,
        "failing_since": webhook.failing_since,
        "paused_until": webhook.paused_until,
        "previous_secret_until": webhook.previous_until,
        "created_at": webhook.created_at,
        "changed_at": webhook.changed_at,
    }


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_webhook(
    union: UnionOfPath,
    body: WebhookBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> WebhookWithSecret:
    """Make a webhook: the founder's signed act. It tells what happens from now on."""
    wanted = WebhookChange(body.url, tuple(body.types), body.note)
    webhook = await make_webhook(
        unit, identity.settings, identity.random_bytes, claims.member_id, union, wanted
    )
    response.headers["Location"] = f"/v1/unions/{webhook.union_id}/webhooks/{webhook.id}"
    response.headers["Cache-Control"] = "no-store"
    return WebhookWithSecret.of(webhook)


@router.get("", responses=problem_responses(401, 403, 404, 422, 503))
async def get_webhooks(union: UnionOfPath, unit: Unit, claims: SignedIn) -> WebhookListView:
    """The union's webhooks, the oldest first; the founder's to see."""
    found = await founders_union(unit, union, claims.member_id)
    webhooks = await webhooks_of(await unit.raw(), found.id)
    return WebhookListView(items=[WebhookView.of(webhook) for webhook in webhooks])


@router.get("/{webhook}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_webhook(union: UnionOfPath, webhook: UUID, unit: Unit, claims: SignedIn) -> WebhookView:
    """One webhook."""
    return WebhookView.of(await founders_webhook(unit, union, claims.member_id, webhook))


@router.patch("/{webhook}", responses=problem_responses(400, 401, 403, 404, 413, 422, 503))
async def patch_webhook(
    union: UnionOfPath,
    webhook: UUID,
    body: WebhookChangeBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> WebhookView:
    """Change a webhook, disable it, or enable it anew: the founder's signed act."""
    types = None if body.types is None else tuple(body.types)
    change = WebhookChange(body.url, types, body.note, body.state)
    return WebhookView.of(
        await change_webhook(unit, identity.settings, claims.member_id, union, webhook, change)
    )


@router.delete("/{webhook}", status_code=204, responses=problem_responses(401, 403, 404, 422, 503))
async def delete_webhook(union: UnionOfPath, webhook: UUID, unit: Unit, claims: SignedIn, _: Act) -> None:
    """Remove a webhook with its log: the founder's signed act."""
    await forget_webhook(unit, claims.member_id, union, webhook)


@router.post(
    "/{webhook}/secret-rotations",
    status_code=201,
    responses=problem_responses(400, 401, 403, 404, 409, 422, 503),
)
async def post_secret_rotation(
    union: UnionOfPath,
    webhook: UUID,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> WebhookWithSecret:
    """A new secret: the founder's signed act. For a while the former one signs beside it."""
    response.headers["Cache-Control"] = "no-store"
    return WebhookWithSecret.of(
        await rotate_secret(unit, identity.settings, identity.random_bytes, claims.member_id, union, webhook)
    )
