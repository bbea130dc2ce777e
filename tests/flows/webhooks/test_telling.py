"""What is told, with which signature, to whom; the log of it, a test, and sending again."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from standardwebhooks.webhooks import Webhook as Verifier
from standardwebhooks.webhooks import WebhookVerificationError

from tests.flows.webhooks.tellers import Tellers, got
from tests.support.deployment import WholeDeployment
from tests.support.receiver import Received, answer, receiving

DEPLOYMENT_SETTINGS = {"identity": {"egress_loopback_allowed": True, "webhook_poll_ms": 10}}
OK = answer(204)


def verified(received: Received, secret: str, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the library of a receiver makes of it, on the clock of the deployment."""
    monkeypatch.setattr(Verifier, "_Webhook__verify_timestamp", lambda _, text: _moment(text))
    return Verifier(secret).verify(received.body, received.headers)


def _moment(text: str) -> Any:
    return datetime.fromtimestamp(float(text), tz=UTC)


async def test_what_happens_is_told_with_a_signature_that_the_standard_library_of_receivers_takes(
    union: Tellers, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving(OK) as receiver:
        webhook = await union.made(receiver, "union")
        version = await union.happens()
        received = (await got(receiver, 1))[0]
        told = verified(received, webhook["secret"], monkeypatch)
        log = await union.until(webhook, "delivered")
    assert (told["type"], told["data"]["charter_version"]) == ("union", version)
    assert told["data"]["union_id"] == union.told["id"]
    assert received.headers["webhook-id"] == told["id"] == log[0]["event_id"]
    assert received.headers["content-type"] == "application/json"
    assert (log[0]["attempts_count"], log[0]["last_status"], log[0]["last_error"]) == (1, 204, None)
    with pytest.raises(WebhookVerificationError):
        Verifier(f"{webhook['secret'][:-4]}AAA=").verify(received.body, received.headers)


async def test_the_stream_and_the_webhook_tell_the_same(union: Tellers) -> None:
    async def page(after: str | None) -> dict[str, Any]:
        asked = {"union": union.told["id"], "types": "union"} | ({} if after is None else {"after": after})
        answered = await union.deployment.http.get(
            "/v1/events", params=asked, headers={"accept": "application/json"}
        )
        assert answered.status_code == 200, answered.text
        return answered.json()

    now = await page(None)
    async with receiving(OK) as receiver:
        await union.made(receiver, "union")
        await union.happens()
        received = json.loads((await got(receiver, 1))[0].body)
    told = await union.deployment.eventually(
        lambda: page(now["next_after"]), lambda answered: len(answered["items"]) == 1
    )
    assert told["items"] == [received]


async def test_what_only_members_may_know_is_not_told(union: Tellers) -> None:
    """Names of members are the members' own: a joining is told to no webhook until a charter says so."""
    async with receiving(OK) as receiver:
        webhook = await union.made(receiver)
        await _join(union)
        await union.happens()
        await got(receiver, 1)
        assert "membership" not in {one["event_type"] for one in await union.log(webhook)}
        tag = (await union.founder.get(f"{union.path}/charter")).headers["etag"]
        opened = {"parameters": {"visibility_members": "public"}}
        await union.founder.act("PATCH", f"{union.path}/charter", opened, headers={"if-match": tag})
        await _join(union)
        await union.deployment.eventually(
            lambda: union.log(webhook), lambda log: any(one["event_type"] == "membership" for one in log)
        )


async def _join(union: Tellers) -> None:
    member = await union.deployment.persona("member")
    charter = (await member.get(f"{union.path}/charter")).json()
    code = (await union.founder.act("POST", f"{union.path}/invitations", {})).json()["code"]
    body = {"charter_version": charter["version"], "charter_hash": charter["hash"], "invitation": code}
    joined = await member.act("POST", f"{union.path}/memberships", body)
    assert joined.status_code == 201, joined.text


async def test_no_event_of_another_union_is_told(union: Tellers, deployment: WholeDeployment) -> None:
    other = await deployment.persona("other")
    founded = await other.act("POST", "/v1/unions", {"name": "Others", "purpose": "To be others."})
    elsewhere = Tellers(other, founded.json(), deployment)
    async with receiving(OK) as receiver:
        await union.made(receiver)
        await elsewhere.happens()
        await union.happens()
        await got(receiver, 1)
        await asyncio.sleep(0.2)
    assert {json.loads(one.body)["data"]["union_id"] for one in receiver.got} == {union.told["id"]}


async def test_a_new_secret_and_the_former_one_sign_side_by_side_for_a_while(
    union: Tellers, deployment: WholeDeployment, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with receiving(OK) as receiver:
        webhook = await union.made(receiver, "union")
        rotated = await union.founder.act("POST", f"{union.path}/webhooks/{webhook['id']}/secret-rotations")
        assert rotated.status_code == 201, rotated.text
        assert rotated.json()["secret"] != webhook["secret"]
        await union.happens()
        both = (await got(receiver, 1))[0]
        for secret in (webhook["secret"], rotated.json()["secret"]):
            verified(both, secret, monkeypatch)
        await deployment.advance(timedelta(days=1, seconds=1))
        await union.happens()
        later = (await got(receiver, 2))[1]
        verified(later, rotated.json()["secret"], monkeypatch)
        with pytest.raises(WebhookVerificationError):
            verified(later, webhook["secret"], monkeypatch)


async def test_a_test_is_sent_and_whatever_was_sent_can_be_sent_again(union: Tellers) -> None:
    async with receiving(OK) as receiver:
        webhook = await union.made(receiver, "union")
        path = f"{union.path}/webhooks/{webhook['id']}"
        tested = await union.founder.act("POST", f"{path}/test-deliveries")
        assert (tested.status_code, tested.json()["event_type"]) == (202, "webhook.tested")
        await got(receiver, 1)
        await union.until(webhook, "delivered")
        again = await union.founder.act("POST", f"{path}/deliveries/{tested.json()['id']}/retries")
        assert again.status_code == 202, again.text
        first, second = await got(receiver, 2)
    assert first.body == second.body and first.headers["webhook-id"] == second.headers["webhook-id"]


async def test_the_log_has_pages_and_states(union: Tellers) -> None:
    async with receiving(OK) as receiver:
        webhook = await union.made(receiver, "union")
        for _ in range(3):
            await union.happens()
        await union.until(webhook, *["delivered"] * 3)
        path = f"{union.path}/webhooks/{webhook['id']}/deliveries"
        first = (await union.founder.get(path, limit=2)).json()
        rest = (await union.founder.get(path, limit=2, cursor=first["next_cursor"])).json()
    assert [len(page["items"]) for page in (first, rest)] == [2, 1] and rest["next_cursor"] is None
    assert await union.log(webhook, state="waiting") == []
    assert len(await union.log(webhook, state="delivered")) == 3
