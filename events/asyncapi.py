"""Writes events/asyncapi.json, what integrators read on Kafka as AsyncAPI 3.0: `python -m events.asyncapi`.

With --check it writes nothing and exits 1 where the file differs.
"""

import json
import sys
from pathlib import Path

from events.catalogue import CATALOGUE
from events.declaration import Declaration
from events.visibility import NAMES_SHOWN, OUTSIDE_TYPES

ASYNCAPI_FILE = Path(__file__).parent / "asyncapi.json"
CONTRACT_VERSION = "1.0.0"
"""Of the messages: its first number changes when a type is withdrawn, its second when one is added."""
TEXT = {"type": "string"}
DESCRIPTION = """\
What a network union makes public, as it happens. One topic for each union, read with the user and the
consumer group that the deployment's operator hands out (`guildhall integrator add`). Records are
CloudEvents 1.0, Kafka binding, binary mode: attributes are headers, the value is the event's JSON. Delivery
is at least once: drop what repeats a `ce_id`. Events of one `ce_subject` come in order; of a state, the
highest `version` counts. Skip fields and types that you do not know: new ones are added, and what changes its
meaning is a new type.
"""
HEADERS: dict[str, dict[str, object]] = {
    "ce_specversion": {"const": "1.0"},
    "ce_id": {"format": "uuid", "description": "The event's own; a repeat has the same."},
    "ce_source": {"description": "Who published it.", "examples": ["/services/identity"]},
    "ce_type": {"description": "The type, which names the schema of the value."},
    "ce_subject": {"description": "The key: events of one come in order."},
    "ce_time": {"format": "date-time"},
    "ce_dataschema": {"format": "uri-reference", "examples": ["/schemas/union.json"]},
    "ce_partitionkey": {"description": "The same as ce_subject."},
    "ce_sequence": {"pattern": "^[0-9]+$", "description": "Grows with every event of a key."},
    "ce_eventclass": {"enum": ["state", "fact"]},
    "content-type": {"const": "application/json"},
}
OPTIONAL_HEADERS: dict[str, dict[str, object]] = {
    "ce_traceparent": {"description": "W3C trace context of the act behind it."},
    "ce_causationid": {"description": "The event that it follows from."},
    "ce_correlationid": {"description": "What all events of one act share."},
}


def document() -> dict[str, object]:
    """The whole document. Guildhall sends; whoever reads it receives."""
    names = sorted(OUTSIDE_TYPES)
    return {
        "asyncapi": "3.0.0",
        "info": {
            "title": "Guildhall's public events",
            "version": CONTRACT_VERSION,
            "description": DESCRIPTION,
            "license": {"name": "AGPL-3.0-only"},
        },
        "defaultContentType": "application/json",
        "servers": {"kafka": _server()},
        "channels": {
            "ofUnion": _channel(
                "guildhall.public.{union}",
                "What one union makes public, in one partition.",
                names,
                {"union": {"description": "The union's id, a UUID."}},
            ),
        },
        "operations": {
            "send": {
                "action": "send",
                "channel": {"$ref": "#/channels/ofUnion"},
                "bindings": {"kafka": {"groupId": _group(), "bindingVersion": "0.5.0"}},
            }
        },
        "components": {
            "messages": {name: _message(CATALOGUE[name].declaration) for name in names},
            "messageTraits": {"cloudEvent": {"headers": _headers(), "bindings": _message_bindings()}},
            "securitySchemes": {
                "user": {"type": "scramSha512", "description": "What `guildhall integrator add` printed."}
            },
        },
    }


def _server() -> dict[str, object]:
    return {
        "host": "{bootstrap}",
        "protocol": "kafka",
        "protocolVersion": "4.0",
        "description": "The brokers' listener for integrators.",
        "variables": {
            "bootstrap": {"description": "host:port[,host:port]", "examples": ["guild.example:9094"]}
        },
        "security": [{"$ref": "#/components/securitySchemes/user"}],
    }


def _channel(
    address: str, description: str, names: list[str], parameters: dict[str, object]
) -> dict[str, object]:
    return {
        "address": address,
        "description": description,
        "parameters": parameters,
        "messages": {name: {"$ref": f"#/components/messages/{name}"} for name in names},
        "bindings": {
            "kafka": {
                "topicConfiguration": {"cleanup.policy": ["delete"]},
                "bindingVersion": "0.5.0",
            }
        },
    }


def _group() -> dict[str, object]:
    return {**TEXT, "description": "The user's own name, or what begins with it and a dot."}


def _message(declared: Declaration) -> dict[str, object]:
    return {
        "name": declared.type,
        "title": declared.type,
        "summary": _summary(declared),
        "contentType": "application/json",
        "traits": [{"$ref": "#/components/messageTraits/cloudEvent"}],
        "payload": {
            "schemaFormat": "application/schema+json;version=draft-2020-12",
            "schema": {"$ref": f"./schemas/{declared.schema_file}"},
        },
    }


def _summary(declared: Declaration) -> str:
    shown = NAMES_SHOWN.get(declared.type)
    told = "always public" if shown is None else f"public where the charter's {shown.parameter} is `public`"
    return f"A {declared.event_class.value} published by {declared.publisher}, {told}."


def _headers() -> dict[str, object]:
    return {
        "type": "object",
        "properties": {name: TEXT | said for name, said in {**HEADERS, **OPTIONAL_HEADERS}.items()},
        "required": sorted(HEADERS),
    }


def _message_bindings() -> dict[str, object]:
    key = {**TEXT, "format": "uuid", "description": "The union's id."}
    return {"kafka": {"key": key, "bindingVersion": "0.5.0"}}


def rendered() -> str:
    """The text of the file."""
    return json.dumps(document(), indent=2, sort_keys=True) + "\n"


def main(arguments: list[str]) -> int:
    """Write, or with --check compare; the exit code for the shell."""
    if arguments != ["--check"]:
        ASYNCAPI_FILE.write_text(rendered(), encoding="utf-8")
    elif not ASYNCAPI_FILE.exists() or ASYNCAPI_FILE.read_text(encoding="utf-8") != rendered():
        sys.stderr.write(f"stale: {ASYNCAPI_FILE.name}; run python -m events.asyncapi\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
