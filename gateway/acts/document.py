"""The acts of a device in the OpenAPI document: the gateway's own operations."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from chassis.auth.dependencies import MEMBER_SCHEME
from gateway.acts.app import PAGE_ROWS, PAGE_ROWS_MAX

_TIME = {"type": "string", "format": "date-time"}
_MAYBE = {"anyOf": [{"type": "string"}, {"type": "null"}]}


def _object(title: str, description: str, properties: dict[str, Any]) -> dict[str, Any]:
    return {
        "title": title,
        "description": description,
        "type": "object",
        "properties": properties,
        "required": list(properties),
    }


def _named(description: str, **more: Any) -> dict[str, Any]:
    return {"type": "string", "description": description, **more}


CERTIFICATE = "DeviceCertificateView"
"""Identity's view of what certified the device."""


def act_schemas(certificate: Mapping[str, Any]) -> dict[str, Any]:
    """What the operations answer; `certificate`: the schema of identity's view."""
    return {"SignedActFileView": _file(certificate), **_LISTED}


_LISTED: dict[str, Any] = {
    "SignedActView": _object(
        "SignedActView",
        "An act that a device of mine signed.",
        {
            "id": _named("The service that it was signed to, and its nonce there."),
            "signed_at": _TIME | {"description": "To the second, as it was signed."},
            "method": {"type": "string", "examples": ["POST"]},
            "path": _named("What it was signed for.", examples=["/v1/unions/weavers/transfers"]),
            "union": _MAYBE | {"description": "Slug or id of the union that it was in."},
            "services": {
                "type": "array",
                "items": {"type": "string"},
                "description": "Those that stored it: one may pass an act on to another.",
            },
        },
    ),
    "SignedActListView": _object(
        "SignedActListView",
        "The newest first.",
        {
            "items": {"type": "array", "items": {"$ref": "#/components/schemas/SignedActView"}},
            "next_cursor": _MAYBE | {"description": "Send it back as `cursor` for the rows that follow."},
            "missing": {
                "type": "array",
                "items": {"type": "string", "examples": ["graph"]},
                "description": "Services that did not answer in time: what was signed to them is not here.",
            },
        },
    ),
}


def _file(certificate: Mapping[str, Any]) -> dict[str, Any]:
    return _object(
        "SignedActFileView",
        "An act with what proves it, up to the wallet or passkey: `guildhall verify` checks it.",
        {
            "kind": {"const": "act"},
            "format": {"const": 1},
            "act": _object(
                "SignedActPartsView",
                "As RFC 9421 signs it.",
                {
                    "service": {"type": "string"},
                    "member_id": {"type": "string", "format": "uuid"},
                    "device_key_id": _named("RFC 7638 thumbprint."),
                    "method": {"type": "string"},
                    "target_uri": {"type": "string"},
                    "content_digest": _named("RFC 9530."),
                    "idempotency_key": _MAYBE,
                    "created": {"type": "integer", "description": "Unix seconds, as they were signed."},
                    "nonce": {"type": "string"},
                    "signature_input": {"type": "string"},
                    "signature": {"type": "string"},
                    "body": _named("As it was sent, in base64."),
                    "stored_at": _TIME | {"description": "When the service took it."},
                },
            ),
            "certificate": {
                "anyOf": [dict(certificate), {"type": "null"}],
                "description": "The newest that the device had by then.",
            },
        },
    )


def acts_paths() -> dict[str, Any]:
    """The paths and their operations, without what every operation has."""
    device = {
        "name": "device",
        "in": "path",
        "required": True,
        "description": "The device key's id (RFC 7638); also of one that is revoked.",
        "schema": {"type": "string", "pattern": "^[A-Za-z0-9_-]{1,64}$"},
    }
    act = {
        "name": "act",
        "in": "path",
        "required": True,
        "description": "The act's `id` in the list.",
        "schema": {"type": "string", "pattern": "^[a-z]{1,32}\\.[A-Za-z0-9_-]{16,64}$"},
    }
    limit = {
        "name": "limit",
        "in": "query",
        "required": False,
        "description": "Rows wanted.",
        "schema": {"type": "integer", "minimum": 1, "maximum": PAGE_ROWS_MAX, "default": PAGE_ROWS},
    }
    cursor = {
        "name": "cursor",
        "in": "query",
        "required": False,
        "description": "The last page's `next_cursor`.",
        "schema": {"type": "string", "maxLength": 512},
    }
    path = "/v1/me/devices/{device}/acts"
    return {
        path: {
            "get": _operation(
                "gateway_get_device_acts",
                "What a device of mine signed",
                "Asked of the services in parallel; `missing` names those that did not answer.",
                "SignedActListView",
                [device, limit, cursor],
            )
        },
        f"{path}/{{act}}": {
            "get": _operation(
                "gateway_get_device_act",
                "One act, as a file that others can check",
                "Of the service that took it, with identity's certificate of the device.",
                "SignedActFileView",
                [device, act],
            )
        },
    }


def _operation(
    name: str, summary: str, description: str, view: str, parameters: list[dict[str, Any]]
) -> dict[str, Any]:
    return {
        "operationId": name,
        "tags": ["members"],
        "summary": summary,
        "description": description,
        "security": [{MEMBER_SCHEME: []}],
        "parameters": parameters,
        "responses": {
            "200": {
                "description": "What there is.",
                "content": {"application/json": {"schema": {"$ref": f"#/components/schemas/{view}"}}},
            },
            **{str(status): {} for status in (400, 404, 422)},
        },
    }
