"""An act passed on to another service is checked there as it was signed."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from pydantic import ValidationError

from chassis.signatures import (
    ActDigestWrong,
    ActForAnotherTarget,
    ActFromTheFuture,
    ActMalformed,
    ForwardedAct,
    SignedAct,
    sign_act,
    verify_act,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PUBLIC_URL = "http://localhost:8080"
TARGET = f"{PUBLIC_URL}/v1/unions/weavers/bids/7/acceptance"
BODY = b'{"debit":{"asset":"WVR","minor":"5","to":"agreements/7"}}'
DEVICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32)))
KEY_ID = "k" * 43


def accepted() -> SignedAct:
    headers = sign_act(
        private_key=DEVICE,
        key_id=KEY_ID,
        method="POST",
        target_uri=TARGET,
        body=BODY,
        created=NOW,
        nonce="n" * 22,
        idempotency_key="once",
    )
    return verify_act(
        method="POST",
        target_uri=TARGET,
        headers=headers,
        body=BODY,
        public_key=lambda _: DEVICE.public_key(),
        now=NOW,
    )


def verify(forwarded: ForwardedAct, public_url: str = PUBLIC_URL, now: datetime = NOW) -> SignedAct:
    return forwarded.verify(public_url=public_url, public_key=lambda _: DEVICE.public_key(), now=now)


def test_an_act_goes_through_json_and_back_unchanged() -> None:
    act = accepted()
    forwarded = ForwardedAct.from_json(ForwardedAct.of(act).to_json())
    assert forwarded.key_id == KEY_ID
    assert verify(forwarded) == act


def test_a_reconciler_may_pass_it_on_days_later() -> None:
    assert verify(ForwardedAct.of(accepted()), now=NOW + timedelta(days=3)).nonce == "n" * 22


def test_an_act_from_the_future_is_refused() -> None:
    with pytest.raises(ActFromTheFuture):
        verify(ForwardedAct.of(accepted()), now=NOW - timedelta(minutes=1))


@pytest.mark.parametrize("public_url", ["http://localhost:80", "http://localhost", "https://localhost:8080"])
def test_an_act_signed_for_another_deployment_is_refused(public_url: str) -> None:
    with pytest.raises(ActForAnotherTarget):
        verify(ForwardedAct.of(accepted()), public_url=public_url)


def test_a_body_exchanged_on_the_way_is_refused() -> None:
    with pytest.raises(ActDigestWrong):
        verify(ForwardedAct.of(accepted()).model_copy(update={"body": "e30="}))


def test_a_body_that_is_no_base64_is_refused() -> None:
    with pytest.raises(ActMalformed):
        verify(ForwardedAct.of(accepted()).model_copy(update={"body": "{}"}))


def test_unknown_fields_and_headers_are_refused() -> None:
    whole = ForwardedAct.of(accepted()).to_json()
    with pytest.raises(ValidationError):
        ForwardedAct.from_json({**whole, "extra": 1})
    with pytest.raises(ValidationError):
        ForwardedAct.from_json({**whole, "headers": {**whole["headers"], "authorization": "Bearer x"}})


def test_an_act_that_names_no_key_is_refused() -> None:
    forwarded = ForwardedAct.of(accepted()).model_copy(update={"headers": {}})
    with pytest.raises(ActMalformed):
        _ = forwarded.key_id
