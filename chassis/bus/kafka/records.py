"""Events as records: CloudEvents 1.0, Kafka binding, binary mode. Attributes are headers, data is the value.

A record's key is `<type>:<event key>`, so that compaction keeps the newest of each type and key.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.bus.envelope import Envelope, source_of

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from chassis.bus.kafka.topics import Topic

Headers = list[tuple[str, bytes]]
_OPTIONAL = (
    ("ce_traceparent", "traceparent"),
    ("ce_causationid", "causation_id"),
    ("ce_correlationid", "correlation_id"),
)
_ATTRIBUTES_MAX = 64


class ForeignRecord(ValueError):
    """The record is no event that its topic's publisher may write."""


@dataclass(frozen=True, slots=True)
class OutgoingRecord:
    """What a producer takes."""

    key: bytes
    value: bytes
    headers: Headers


def to_record(envelope: Envelope, topic: Topic) -> OutgoingRecord:
    """The record of an event."""
    headers: Headers = [
        ("content-type", b"application/json"),
        ("ce_specversion", b"1.0"),
        ("ce_id", str(envelope.id).encode()),
        ("ce_source", envelope.source.encode()),
        ("ce_type", envelope.type.encode()),
        ("ce_subject", envelope.key.encode()),
        ("ce_time", envelope.time.isoformat().encode()),
        ("ce_dataschema", envelope.dataschema.encode()),
        ("ce_partitionkey", envelope.key.encode()),
        ("ce_sequence", str(envelope.sequence).encode()),
        ("ce_eventclass", topic.event_class.value.encode()),
    ]
    for header, attribute in _OPTIONAL:
        text: str | None = getattr(envelope, attribute)
        if text is not None:
            headers.append((header, text.encode()))
    return OutgoingRecord(f"{envelope.type}:{envelope.key}".encode(), envelope.data, headers)


def from_record(
    topic: Topic, headers: Sequence[tuple[str, bytes]], value: bytes | None, types: Collection[str] | None
) -> Envelope | None:
    """The event, or None where it is of none of the wanted `types`.

    A publisher may write to its own topics alone, and in them only what the catalogue says is its own: an
    event `union` in the topic of another than its publisher is a forgery. Raises ForeignRecord.
    """
    if len(headers) > _ATTRIBUTES_MAX:
        raise ForeignRecord("too many headers")
    given = dict(headers)
    event_type = _text(given, "ce_type")
    if types is not None and event_type not in types:
        return None
    if event_type in topic.types:
        if _text(given, "ce_source") != source_of(topic.publisher):
            raise ForeignRecord(f"{event_type} from another source than {topic.publisher}")
    elif types is not None:
        raise ForeignRecord(f"{event_type} is not published by {topic.publisher} as {topic.event_class}")
    else:
        return None
    if value is None:
        raise ForeignRecord(f"{event_type} without data")
    try:
        return Envelope(
            id=UUID(_text(given, "ce_id")),
            source=_text(given, "ce_source"),
            type=event_type,
            key=_text(given, "ce_subject"),
            time=datetime.fromisoformat(_text(given, "ce_time")),
            data=value,
            is_state=topic.is_states,
            sequence=int(_text(given, "ce_sequence")),
            **{attribute: _text(given, header) for header, attribute in _OPTIONAL if header in given},
        )
    except ForeignRecord:
        raise
    except ValueError as error:
        raise ForeignRecord(f"{event_type}: {error}") from None


def _text(headers: dict[str, bytes], name: str) -> str:
    try:
        return headers[name].decode()
    except (KeyError, UnicodeDecodeError):
        raise ForeignRecord(f"no readable {name}") from None
