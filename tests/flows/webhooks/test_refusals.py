"""Webhooks that cannot be, and those who may not."""

from typing import Any
from uuid import UUID

import httpx
import pytest

from tests.flows.webhooks.tellers import Tellers
from tests.support.deployment import WholeDeployment

DEPLOYMENT_SETTINGS = {"identity": {"egress_loopback_allowed": True, "webhooks_per_union_max": 4}}


REFUSED_BODIES = [
    ({"url": "http://example.org/"}, 400, "webhook-url-refused"),
    ({"url": "https://10.0.0.1/"}, 400, "webhook-url-refused"),
    ({"url": "https://me:secret@example.org/"}, 400, "webhook-url-refused"),
    ({"url": "https://example.org/", "types": ["session.ended"]}, 400, "event-type-not-public"),
    ({"url": "https://example.org/", "more": 1}, 422, "detail"),
    ({"url": ""}, 422, "detail"),
    ({}, 422, "detail"),
]


@pytest.mark.parametrize(("body", "status", "slug"), REFUSED_BODIES)
async def test_a_webhook_that_cannot_be_is_refused(
    union: Tellers, body: dict[str, Any], status: int, slug: str
) -> None:
    refused = await union.founder.act("POST", f"{union.path}/webhooks", body)
    assert (refused.status_code, slug in refused.text) == (status, True), refused.text


async def test_a_union_has_so_many_webhooks_and_no_more(union: Tellers) -> None:
    for _ in range(4):
        made = await union.founder.act("POST", f"{union.path}/webhooks", {"url": "https://example.org/"})
        assert made.status_code == 201, made.text
    refused = await union.founder.act("POST", f"{union.path}/webhooks", {"url": "https://example.org/"})
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/webhook-limit-reached")


async def test_webhooks_are_the_founders_alone_and_their_acts_are_signed(
    union: Tellers, deployment: WholeDeployment
) -> None:
    other = await deployment.persona("other")
    path = f"{union.path}/webhooks"
    body = {"url": "https://example.org/"}
    webhook = (await union.founder.act("POST", path, body)).json()
    one = f"{path}/{webhook['id']}"
    acts = [("POST", path, body), ("PATCH", one, {"note": "x"}), ("DELETE", one, None)]
    acts += [("POST", f"{one}/{what}", None) for what in ("secret-rotations", "test-deliveries")]
    acts.append(("POST", f"{one}/deliveries/{UUID(int=1)}/retries", None))
    for method, where, sent in acts:
        stranger = await other.act(method, where, sent)
        assert (stranger.status_code, stranger.json()["type"]) == (403, "/problems/founder-only"), where
        unsigned = await union.founder.send(method, where, sent)
        assert unsigned.status_code == 401, (method, where, unsigned.text)
    for where in (path, one, f"{one}/deliveries"):
        assert (await other.get(where)).status_code == 403
        assert (await deployment.http.get(where)).status_code == 401
    assert (await union.founder.act("DELETE", one)).status_code == 204
    gone: list[httpx.Response] = [await union.founder.get(one), await union.founder.get(f"{one}/deliveries")]
    assert {answered.status_code for answered in gone} == {404}
    missing = await union.founder.act("POST", f"{path}/{UUID(int=7)}/test-deliveries")
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/webhook-not-found")


async def test_what_cannot_be_found_cannot_be_sent_again(union: Tellers) -> None:
    webhook = (
        await union.founder.act("POST", f"{union.path}/webhooks", {"url": "https://example.org/"})
    ).json()
    path = f"{union.path}/webhooks/{webhook['id']}/deliveries/{UUID(int=1)}/retries"
    missing = await union.founder.act("POST", path)
    assert (missing.status_code, missing.json()["type"]) == (404, "/problems/webhook-delivery-not-found")
