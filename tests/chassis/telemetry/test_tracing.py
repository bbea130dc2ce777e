"""Spans: off they cost nothing and import nothing; on they have the ids that are carried anyway."""

import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import pytest

from chassis.bus.envelope import Envelope
from chassis.consumers import Consumers
from chassis.inbox.delivery import deliver
from chassis.telemetry.trace import current_trace, new_trace, trace_now
from chassis.telemetry.tracing import NO_SPAN, Kind, is_on, traced, tracing
from chassis.unit_of_work import UnitOfWork
from events.market import AgreementPaid
from tests.chassis.bus.house import paid
from tests.chassis.telemetry.collector import collector

REPOSITORY = Path(__file__).parents[3]


def test_off_there_is_no_span_and_the_trace_stays_as_it_is() -> None:
    before = trace_now()
    with tracing(None, "0"):
        assert not is_on()
        with traced("work") as span:
            assert span is NO_SPAN and trace_now() is before
            span.update_name("other")
            span.set_attribute("a", 1)


def test_off_nothing_of_opentelemetry_is_imported() -> None:
    code = (
        "import sys, chassis.telemetry.tracing, chassis.peers, chassis.inbox\n"
        "with chassis.telemetry.tracing.tracing(None, '0'): pass\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=REPOSITORY, capture_output=True, text=True, check=True
    )
    assert done.stdout == "[]\n"


def test_a_span_has_the_id_that_is_carried_on_and_its_parent_the_one_before() -> None:
    begun = new_trace()
    token = current_trace.set(begun)
    try:
        with collector() as seen:
            with tracing(seen.endpoint, "0"), traced("outer", Kind.CLIENT, service="market"):
                outer = trace_now().traceparent
                with traced("inner"):
                    inner = trace_now().traceparent
            spans = {span.name: span for span in seen.spans}
    finally:
        current_trace.reset(token)
    assert outer[:36] == inner[:36] == begun.traceparent[:36]
    assert spans["outer"].span_id == outer[36:52] and spans["outer"].parent_id == begun.traceparent[36:52]
    assert spans["inner"].span_id == inner[36:52] and spans["inner"].parent_id == outer[36:52]
    assert spans["inner"].service == "market"  # whoever does the work


def test_a_failure_is_named_by_its_kind_alone() -> None:
    with collector() as seen:
        with tracing(seen.endpoint, "0"), pytest.raises(ValueError, match="of a member"), traced("work"):
            raise ValueError("a secret of a member")
        (span,) = seen.spans
    assert span.attributes["error.type"] == "ValueError"
    assert "secret" not in repr(span)


def test_an_unsampled_caller_is_not_recorded() -> None:
    begun = new_trace()
    token = current_trace.set(replace(begun, traceparent=f"{begun.traceparent[:-2]}00"))
    try:
        with collector() as seen:
            with tracing(seen.endpoint, "0"), traced("work"):
                pass
            assert seen.spans == []
    finally:
        current_trace.reset(token)


def test_a_collector_that_is_away_hinders_nothing() -> None:
    with tracing("http://127.0.0.1:9", "0"), traced("work"):
        assert is_on()
    assert not is_on()


async def test_a_batch_is_under_its_first_event_and_linked_to_each() -> None:
    consumers = Consumers("ledger")
    inside: list[str] = []

    @consumers.on_many(AgreementPaid)
    async def keep(unit: UnitOfWork, events: object) -> None:
        inside.append(trace_now().traceparent)

    chains = [new_trace().traceparent for _ in range(2)]
    envelopes = [
        Envelope(
            id=UUID(int=number + 1),
            source="/services/market",
            type="agreement.paid",
            key="k",
            time=datetime(2027, 3, 1, tzinfo=UTC),
            data=paid(1, number).model_dump_json().encode(),
            is_state=False,
            traceparent=chain,
        )
        for number, chain in enumerate(chains)
    ]
    with collector() as seen:
        with tracing(seen.endpoint, "0"):
            await deliver(consumers, None, envelopes)  # type: ignore[arg-type]
        (span,) = seen.spans
    assert (span.service, span.name) == ("ledger", "consume agreement.paid")
    assert span.trace_id == chains[0][3:35] and span.parent_id == chains[0][36:52]
    assert span.links == tuple(chain[36:52] for chain in chains)
    assert inside == [f"{chains[0][:36]}{span.span_id}-01"]
