"""An event as it travels: CloudEvents 1.0 attributes around the JSON of the event.

`key` is CloudEvents' subject and partitionkey; `sequence` is the position in the publisher's outbox, which
grows with every event of a key.
"""

from __future__ import annotations

import base64
from datetime import datetime
from typing import TYPE_CHECKING, Any, NamedTuple
from uuid import UUID

import orjson

from events.declaration import EventClass

if TYPE_CHECKING:
    from collections.abc import Mapping

EVENT_MAX_BYTES = 262_144
KEY_MAX_BYTES = 512
_OPTIONAL = ("traceparent", "causationid", "correlationid")


class EventTooLarge(ValueError):
    """The event's JSON is over 256 KiB; it is refused when written."""

    def __init__(self, event_type: str, size_bytes: int) -> None:
        super().__init__(f"an event {event_type} of {size_bytes} bytes: the most is {EVENT_MAX_BYTES}")
        self.event_type = event_type
        self.size_bytes = size_bytes


class EventKeyTooLong(ValueError):
    """The event's key is over 512 bytes."""

    def __init__(self, event_type: str, size_bytes: int) -> None:
        super().__init__(f"a key of {size_bytes} bytes of an event {event_type}: the most is {KEY_MAX_BYTES}")
        self.event_type = event_type
        self.size_bytes = size_bytes


def source_of(service: str) -> str:
    """CloudEvents' source of a service of the house."""
    return f"/services/{service}"


class Envelope(NamedTuple):
    """One event on its way. `sequence` is 0 until the outbox has given it a position.

    A tuple: a frozen dataclass costs four times as much to make, and every event is made twice.
    """

    id: UUID
    source: str
    type: str
    key: str
    time: datetime
    data: bytes
    is_state: bool
    sequence: int = 0
    traceparent: str | None = None
    causation_id: str | None = None
    correlation_id: str | None = None

    @property
    def dataschema(self) -> str:
        """Where the JSON Schema of the data is, below `PUBLIC_URL`."""
        return f"/schemas/{self.type}.json"


def check_size(event_type: str, key: str, data: bytes) -> None:
    """Refuse what no transport would carry. Raises EventTooLarge, EventKeyTooLong."""
    if len(data) > EVENT_MAX_BYTES:
        raise EventTooLarge(event_type, len(data))
    if len(key) > KEY_MAX_BYTES or len(key.encode()) > KEY_MAX_BYTES:
        raise EventKeyTooLong(event_type, len(key.encode()))


def to_cloud_event(envelope: Envelope) -> dict[str, Any]:
    """CloudEvents' structured JSON form. Data that is not JSON comes as `data_base64`."""
    document: dict[str, Any] = {
        "specversion": "1.0",
        "id": str(envelope.id),
        "source": envelope.source,
        "type": envelope.type,
        "subject": envelope.key,
        "time": envelope.time.isoformat(),
        "datacontenttype": "application/json",
        "dataschema": envelope.dataschema,
        "partitionkey": envelope.key,
        "sequence": str(envelope.sequence),
        "eventclass": (EventClass.STATE if envelope.is_state else EventClass.FACT).value,
    }
    optional = (envelope.traceparent, envelope.causation_id, envelope.correlation_id)
    document |= {name: value for name, value in zip(_OPTIONAL, optional, strict=True) if value is not None}
    try:
        document["data"] = orjson.loads(envelope.data)
    except orjson.JSONDecodeError:
        document["data_base64"] = base64.b64encode(envelope.data).decode()
    return document


def from_cloud_event(document: Mapping[str, Any]) -> Envelope:
    """The envelope that `to_cloud_event` wrote."""
    if "data_base64" in document:
        data = base64.b64decode(document["data_base64"])
    else:
        data = orjson.dumps(document["data"])
    return Envelope(
        id=UUID(document["id"]),
        source=document["source"],
        type=document["type"],
        key=document["subject"],
        time=datetime.fromisoformat(document["time"]),
        data=data,
        is_state=document["eventclass"] == EventClass.STATE.value,
        sequence=int(document["sequence"]),
        traceparent=document.get("traceparent"),
        causation_id=document.get("causationid"),
        correlation_id=document.get("correlationid"),
    )
