"""The operation of the live events in the OpenAPI document: the gateway's own, declared by hand."""

from __future__ import annotations

from typing import Any

from chassis.auth.dependencies import MEMBER_SCHEME
from chassis.visibility.event import SHOWN_TYPES
from gateway.live.asking import POSITION_MAX_CHARACTERS, TICKET_MAX_CHARACTERS
from gateway.routing import LIVE_EVENTS

SUMMARY = "Listen to events, or read them by the page"
DESCRIPTION = """\
With `Accept: text/event-stream` (the preset) a stream of server-sent events: `id` is the position to
reconnect from (`Last-Event-ID`, or `after`), `event` the type, `data` a CloudEvent in JSON. `event: reset`
says that events may be missing before what follows (`position_gone`, `position_unknown`, `too_far_behind`,
and `slow`, after which the stream closes): read the resources anew. `event: end` is the last word
(`token_expired`, `session_ended`, `time_over`, `unverifiable`, `stopping`): reconnect with a good token.
An event may come twice; its CloudEvents `id` tells. Positions are good at every gateway.

With `Accept: application/json` a page of the same events: send `next_after` back as `after`. Without
`after` the page is empty and tells the position of now.

Each event is shown to its audience alone, under the charter's table of visibility and the memberships of
now. Without a token only what is public is shown. Never send a token in an address: a client that cannot send
a header asks for a one-use ticket (`POST /v1/events/tickets`) and sends that."""
SCHEMAS: dict[str, Any] = {
    "CloudEventView": {
        "title": "CloudEventView",
        "description": "An event in CloudEvents' structured JSON form.",
        "type": "object",
        "properties": {
            "specversion": {"type": "string", "const": "1.0"},
            "id": {"type": "string", "format": "uuid"},
            "source": {"type": "string", "examples": ["/services/market"]},
            "type": {"type": "string", "examples": ["offer"]},
            "subject": {"type": "string", "description": "The key: events of one come in order."},
            "time": {"type": "string", "format": "date-time"},
            "dataschema": {"type": "string", "examples": ["/schemas/offer.json"]},
            "data": {"type": "object", "description": "See the schema of the type."},
        },
        "required": ["specversion", "id", "source", "type", "subject", "time", "data"],
    },
    "EventPageView": {
        "title": "EventPageView",
        "description": "Events after a position, in order, and the position to read on from.",
        "type": "object",
        "properties": {
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/CloudEventView"}},
            "next_after": {"type": "string"},
        },
        "required": ["items", "next_after"],
    },
}


def live_paths() -> dict[str, Any]:
    """The path and its one operation, without what every operation has."""
    return {
        LIVE_EVENTS: {
            "get": {
                "operationId": "gateway_get_events",
                "tags": ["events"],
                "summary": SUMMARY,
                "description": DESCRIPTION,
                "security": [{MEMBER_SCHEME: []}, {}],
                "parameters": _parameters(),
                "responses": {
                    "200": {
                        "description": "A stream, or a page.",
                        "content": {
                            "text/event-stream": {"schema": {"type": "string"}},
                            "application/json": {"schema": {"$ref": "#/components/schemas/EventPageView"}},
                        },
                    },
                    **{str(status): {} for status in (400, 404, 410)},
                },
            }
        }
    }


def _parameters() -> list[dict[str, Any]]:
    types = {"type": "string", "examples": [",".join(sorted(SHOWN_TYPES)[:2])]}
    position = {"type": "string", "maxLength": POSITION_MAX_CHARACTERS}
    return [
        _parameter(
            "union",
            "Only of this union (its slug or id), and what is of none.",
            {"type": "string", "maxLength": 64},
        ),
        _parameter("types", "Only of these types, separated by commas.", types),
        _parameter("after", "The position after which to begin; without it, from now.", position),
        _parameter("limit", "Events of a page.", {"type": "integer", "minimum": 1}),
        _parameter(
            "ticket",
            "Of `POST /v1/events/tickets`, in place of a token.",
            {"type": "string", "maxLength": TICKET_MAX_CHARACTERS},
        ),
        _parameter("Last-Event-ID", "As `after`, and before it: reconnecting browsers send it.", position)
        | {"in": "header"},
    ]


def _parameter(name: str, description: str, schema: dict[str, Any]) -> dict[str, Any]:
    return {"name": name, "in": "query", "required": False, "description": description, "schema": schema}
