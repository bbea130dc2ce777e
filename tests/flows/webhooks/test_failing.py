"""Endpoints that refuse, fail, are slow or gone: what is tried again, given up, left alone, disabled."""

import asyncio
from datetime import timedelta
from typing import Any

import pytest

from services.identity.webhooks.sending import Sending
from tests.flows.webhooks.tellers import Tellers, got
from tests.support.deployment import WholeDeployment
from tests.support.receiver import answer, receiving

TRIES, FAILING_DAYS = 3, 2
DEPLOYMENT_SETTINGS = {
    "identity": {
        "egress_loopback_allowed": True,
        "webhook_poll_ms": 10,
        "webhook_timeout_seconds": 1,
        "webhook_tries_max": TRIES,
        "webhook_failing_max_seconds": FAILING_DAYS * 86_400,
        "webhooks_per_union_max": 4,
    }
}
OK = answer(204)


async def test_what_fails_is_tried_again_later_under_the_same_id_and_given_up_in_the_end(
    union: Tellers, deployment: WholeDeployment
) -> None:
    async with receiving(answer(400)) as receiver:
        webhook = await union.made(receiver, "union")
        await union.happens()
        for tries in range(1, TRIES + 1):
            await union.tried(webhook, tries)
            await deployment.advance(timedelta(minutes=10))
        log = await union.until(webhook, "given_up")
        await asyncio.sleep(0.1)
    assert len(receiver.got) == TRIES == log[0]["attempts_count"]
    assert log[0]["last_status"] == 400
    assert len({(one.headers["webhook-id"], one.body) for one in receiver.got}) == 1


async def test_an_event_that_is_refused_does_not_keep_the_next_one_waiting(union: Tellers) -> None:
    async with receiving(answer(422), OK) as receiver:
        webhook = await union.made(receiver, "union")
        await union.happens()
        await got(receiver, 1)
        await union.happens()
        await union.until(webhook, "delivered", "waiting")
    assert (await union.seen(webhook))["failing_since"] is None


async def test_an_endpoint_that_fails_is_left_alone_for_as_long_as_it_asks(
    union: Tellers, deployment: WholeDeployment
) -> None:
    async with receiving(answer(503, Retry_After="120"), OK) as receiver:
        webhook = await union.made(receiver, "union")
        await union.happens()
        await union.tried(webhook, 1)
        await union.happens()
        await asyncio.sleep(0.2)
        assert len(receiver.got) == 1, "the second event has to wait, too"
        paused = await union.seen(webhook)
        assert paused["failing_since"] is not None and paused["paused_until"] is not None
        await deployment.advance(timedelta(seconds=121))
        await union.until(webhook, "delivered", "delivered")
    assert (await union.seen(webhook))["paused_until"] is None


async def test_no_answer_and_no_endpoint_are_failures_that_the_log_tells(
    union: Tellers, deployment: WholeDeployment
) -> None:
    async def silent(_: asyncio.StreamWriter) -> None:
        await asyncio.sleep(3)

    async with receiving(silent) as receiver:
        webhook = await union.made(receiver, "union")
        await union.happens()
        await deployment.eventually(
            lambda: union.log(webhook), lambda log: bool(log) and log[0]["last_error"] is not None
        )
        assert (await union.log(webhook))[0]["last_error"] == "no answer within 1 seconds"
    await deployment.advance(timedelta(minutes=1))
    await deployment.eventually(
        lambda: union.log(webhook), lambda log: log[0]["last_error"] == "no connection"
    )


async def test_a_slow_endpoint_keeps_no_other_waiting(union: Tellers) -> None:
    async def slow(writer: asyncio.StreamWriter) -> None:
        await asyncio.sleep(0.8)
        writer.write(OK)

    async with receiving(slow) as late, receiving(OK) as quick:
        await union.made(late, "union")
        await union.made(quick, "union")
        for _ in range(3):
            await union.happens()
        await got(quick, 3)
        assert len(late.got) <= 2


async def test_an_endpoint_that_is_gone_is_not_asked_again(union: Tellers) -> None:
    async with receiving(answer(410)) as receiver:
        webhook = await union.made(receiver, "union")
        await union.happens()
        await union.until(webhook, "dropped")
        seen = await union.seen(webhook)
        assert (seen["state"], seen["reason"]) == ("disabled", "gone")
        refused = await union.founder.act("POST", f"{union.path}/webhooks/{webhook['id']}/test-deliveries")
        assert (refused.status_code, refused.json()["type"]) == (409, "/problems/webhook-disabled")
        await union.happens()
        await asyncio.sleep(0.2)
    assert len(receiver.got) == 1


async def test_a_webhook_that_only_fails_is_disabled_and_can_be_enabled_anew(
    union: Tellers, deployment: WholeDeployment
) -> None:
    async with receiving(answer(500)) as receiver:
        webhook = await union.made(receiver, "union")
        await union.happens()
        await union.tried(webhook, 1)
        await deployment.advance(timedelta(days=FAILING_DAYS, hours=1))
        await union.until(webhook, "dropped")
        assert (await union.seen(webhook))["reason"] == "failing"
        await union.happens()  # nobody is told this
        await deployment.advance(timedelta(seconds=1))
        receiver.answers[:] = [OK]
        enabled = await union.founder.act(
            "PATCH", f"{union.path}/webhooks/{webhook['id']}", {"state": "active"}
        )
        assert (enabled.json()["state"], enabled.json()["failing_since"]) == ("active", None)
        await union.happens()
        await union.until(webhook, "delivered", "dropped")


async def test_what_was_sent_and_not_written_down_is_sent_once_more(
    union: Tellers, deployment: WholeDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As after a crash between the endpoint's answer and its row."""
    crashed = False
    whole = Sending._send  # pyright: ignore[reportPrivateUsage]

    async def crashing(self: Sending, *given: Any) -> Any:
        nonlocal crashed
        attempt = await whole(self, *given)
        if not crashed:
            crashed = True
            raise SystemError("killed")
        return attempt

    monkeypatch.setattr(Sending, "_send", crashing)
    async with receiving(OK) as receiver:
        webhook = await union.made(receiver, "union")
        await union.happens()
        await got(receiver, 1)
        await asyncio.sleep(0.1)
        assert len(receiver.got) == 1, "until its lease ends it is another process' webhook"
        await deployment.advance(timedelta(minutes=1))
        await union.until(webhook, "delivered")
    assert len({one.headers["webhook-id"] for one in receiver.got}) == 1 and len(receiver.got) == 2
