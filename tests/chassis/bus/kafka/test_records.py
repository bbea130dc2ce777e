"""Events as records: the binding to the letter, there and back, and what no publisher may write."""

import pytest

from chassis.bus.envelope import Envelope
from chassis.bus.kafka.records import ForeignRecord, from_record, to_record
from chassis.bus.kafka.topics import Topics
from chassis.clock import ManualClock
from chassis.ids import IdSource
from events.catalogue import CATALOGUE

TOPICS = Topics("guildhall", CATALOGUE)
STATES, FACTS = TOPICS.of("offer"), TOPICS.of("agreement.paid")


@pytest.fixture
def envelope(clock: ManualClock, ids: IdSource) -> Envelope:
    return Envelope(
        id=ids.new(),
        source="/services/market",
        type="offer",
        key="union:offer",
        time=clock.now(),
        data=b'{"state":"open"}',
        is_state=True,
        sequence=7,
        traceparent="00-" + "1" * 32 + "-" + "2" * 16 + "-01",
    )


def test_attributes_are_headers_and_data_is_the_value(envelope: Envelope) -> None:
    record = to_record(envelope, STATES)
    assert record.key == b"offer:union:offer"
    assert record.value == b'{"state":"open"}'
    assert dict(record.headers) == {
        "content-type": b"application/json",
        "ce_specversion": b"1.0",
        "ce_id": str(envelope.id).encode(),
        "ce_source": b"/services/market",
        "ce_type": b"offer",
        "ce_subject": b"union:offer",
        "ce_time": b"2027-03-01T12:00:00+00:00",
        "ce_dataschema": b"/schemas/offer.json",
        "ce_partitionkey": b"union:offer",
        "ce_sequence": b"7",
        "ce_eventclass": b"state",
        "ce_traceparent": envelope.traceparent.encode() if envelope.traceparent else b"",
    }


@pytest.mark.parametrize("types", [None, {"offer", "union"}])
def test_an_event_comes_back_whole(envelope: Envelope, types: set[str] | None) -> None:
    whole = envelope._replace(causation_id="cause", correlation_id="correlation")
    record = to_record(whole, STATES)
    assert from_record(STATES, record.headers, record.value, types) == whole


def test_types_that_are_not_wanted_or_not_known_are_passed_over(envelope: Envelope) -> None:
    record = to_record(envelope, STATES)
    assert from_record(STATES, record.headers, record.value, {"agreement"}) is None
    unheard = to_record(envelope._replace(type="offer.v9"), STATES)
    assert from_record(STATES, unheard.headers, unheard.value, None) is None


def test_an_event_in_the_topic_of_another_than_its_publisher_is_a_forgery(envelope: Envelope) -> None:
    forged = to_record(envelope._replace(type="union", source="/services/identity"), STATES)
    with pytest.raises(ForeignRecord, match="not published by market"):
        from_record(STATES, forged.headers, forged.value, {"union", "offer"})
    assert from_record(STATES, forged.headers, forged.value, None) is None


def test_an_event_of_the_other_class_is_a_forgery(envelope: Envelope) -> None:
    record = to_record(envelope, STATES)
    with pytest.raises(ForeignRecord, match="not published by market as fact"):
        from_record(FACTS, record.headers, record.value, {"offer"})


def test_an_event_that_names_another_source_is_a_forgery(envelope: Envelope) -> None:
    record = to_record(envelope._replace(source="/services/ledger"), STATES)
    with pytest.raises(ForeignRecord, match="another source"):
        from_record(STATES, record.headers, record.value, {"offer"})


@pytest.mark.parametrize(
    ("header", "value", "said"),
    [
        ("ce_id", b"7", "offer"),
        ("ce_time", b"yesterday", "offer"),
        ("ce_sequence", b"first", "offer"),
        ("ce_subject", b"\xff", "ce_subject"),
        ("ce_type", None, "ce_type"),
        ("ce_source", None, "ce_source"),
    ],
)
def test_a_record_that_is_no_event_is_refused(
    envelope: Envelope, header: str, value: bytes | None, said: str
) -> None:
    record = to_record(envelope, STATES)
    headers = [(name, text) for name, text in record.headers if name != header]
    if value is not None:
        headers.append((header, value))
    with pytest.raises(ForeignRecord, match=said):
        from_record(STATES, headers, record.value, {"offer"})


def test_a_record_without_data_or_with_a_flood_of_headers_is_refused(envelope: Envelope) -> None:
    record = to_record(envelope, STATES)
    with pytest.raises(ForeignRecord, match="without data"):
        from_record(STATES, record.headers, None, {"offer"})
    with pytest.raises(ForeignRecord, match="too many"):
        from_record(STATES, record.headers * 9, record.value, {"offer"})
