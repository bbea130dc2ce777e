"""One act, accepted at the gateway, is one trace over services, calls, intents and consumers."""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from pathlib import Path

import pytest

from chassis.telemetry.tracing import tracing
from tests.chassis.telemetry.collector import Collector, SeenSpan, collector
from tests.guildhall.audit.conftest import PATIENT
from tests.support.deployment import WholeDeployment, whole_deployment
from tests.support.postgres import Databases

FOUNDING = "4bf92f3577b34da6a3ce929d0e0e4736"
TRACE_ID = "0af7651916cd43dd8448eb211c80319c"
CALLER = "b7ad6b7169203331"


@dataclass(slots=True)
class Traced:
    """`spans`: of the one act, once the deployment has ended and sent all."""

    spans: list[SeenSpan]
    union: str
    founding: list[SeenSpan]

    def only(self, service: str, name: str) -> SeenSpan:
        found = [span for span in self.spans if (span.service, span.name) == (service, name)]
        assert len(found) == 1, (service, name, [(span.service, span.name) for span in self.spans])
        return found[0]


@pytest.fixture(scope="module")
async def seen() -> AsyncGenerator[Collector]:
    with collector() as made:
        yield made


@pytest.fixture(scope="module")
async def traced(databases: Databases, tmp_path_factory: pytest.TempPathFactory, seen: Collector) -> Traced:
    keys: Path = tmp_path_factory.mktemp("keys")
    with tracing(seen.endpoint, "0.0.0"):
        async with whole_deployment(databases, keys, PATIENT) as deployment:
            union = await _an_agreement_is_funded(deployment)
    return Traced(seen.of(TRACE_ID), union, seen.of(FOUNDING))


async def _an_agreement_is_funded(deployment: WholeDeployment) -> str:
    """By one traced request: the founder accepts a bid, the price moves, the market and others hear of it."""
    founder, worker = await deployment.persona("founder"), await deployment.persona("worker")
    body, above = {"name": "Traced", "purpose": "To be."}, {"traceparent": f"00-{FOUNDING}-{CALLER}-01"}
    union = (await founder.act("POST", "/v1/unions", body, headers=above)).json()
    path = f"/v1/unions/{union['id']}"
    charter = (await founder.get(f"{path}/charter")).json()
    joined = {"charter_version": charter["version"], "charter_hash": charter["hash"]}
    assert (await worker.act("POST", f"{path}/memberships", joined)).status_code == 201
    price = {"asset": union["token"]["symbol"], "minor": "1000000"}
    await deployment.eventually(
        lambda: founder.get(f"{path}/accounts"), lambda answer: bool(answer.json().get("items"))
    )
    offer = (await founder.send("POST", f"{path}/offers", {"title": "A bench", "price": price})).json()["id"]
    await deployment.eventually(
        lambda: worker.act(
            "POST", f"{path}/offers/{offer}/bids", {"price": price, "delivery_seconds": 604_800}
        ),
        lambda answer: answer.status_code == 201,
    )
    bid = (await founder.get(f"{path}/offers/{offer}/bids")).json()["items"][0]["id"]
    accepted = await founder.act(
        "POST",
        f"{path}/bids/{bid}/acceptance",
        {"debit": price | {"to": f"agreements/{bid}"}},
        headers={"traceparent": f"00-{TRACE_ID}-{CALLER}-01"},
    )
    assert accepted.status_code == 201, accepted.text
    await founder.act("POST", f"{path}/agreements/{bid}/cancellation")
    return union["id"]


async def test_the_gateway_is_below_its_caller_and_the_service_below_the_gateway(traced: Traced) -> None:
    gateway = traced.only("gateway", "POST")
    assert gateway.parent_id == CALLER
    assert gateway.attributes["http.response.status_code"] == "201"
    market = traced.only("market", "POST /v1/unions/{union}/bids/{bid}/acceptance")
    assert market.parent_id == gateway.span_id


async def test_the_intent_and_its_call_reach_the_ledger_in_the_same_trace(traced: Traced) -> None:
    market = traced.only("market", "POST /v1/unions/{union}/bids/{bid}/acceptance")
    intent = next(
        span for span in traced.spans if span.service == "market" and span.name.startswith("intent ")
    )
    assert intent.parent_id == market.span_id and intent.attributes["guildhall.outcome"] == "done"
    call = next(
        span for span in traced.spans if span.parent_id == intent.span_id and span.name == "call ledger"
    )
    assert call.service == "market"
    ledger = next(span for span in traced.spans if span.parent_id == call.span_id)
    assert ledger.service == "ledger"


@pytest.mark.parametrize("consumer", ["graph", "market", "ledger", "funding"])
async def test_what_the_act_published_is_consumed_in_the_same_trace(traced: Traced, consumer: str) -> None:
    (identity,) = [span for span in traced.founding if span.name == "POST /v1/unions"]
    (consumed,) = [
        span for span in traced.founding if (span.service, span.name) == (consumer, "consume union")
    ]
    assert identity.service == "identity"
    assert consumed.parent_id == identity.span_id and identity.span_id in consumed.links


async def test_no_span_carries_who_or_which(traced: Traced) -> None:
    said = repr(traced.spans)
    assert traced.union not in said and "Bearer" not in said
