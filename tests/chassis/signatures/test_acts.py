"""A signed act is taken only as it was signed: method, target, body, key and time."""

from datetime import timedelta

import pytest

from chassis.signatures import (
    ActDigestWrong,
    ActForAnotherTarget,
    ActFromTheFuture,
    ActKeyUnknown,
    ActLimits,
    ActMalformed,
    ActRefused,
    ActSignatureWrong,
    ActTooOld,
    ActUnsigned,
    content_digest,
    sign_act,
)
from tests.chassis.signatures.signing import (
    BODY,
    DEVICE,
    KEY_ID,
    NONCE,
    NOW,
    OTHER_DEVICE,
    TARGET,
    respelled,
    signed,
    verify,
)


def test_what_was_signed_is_told_whole() -> None:
    act = verify(signed("order-1"))
    assert (act.key_id, act.nonce, act.created) == (KEY_ID, NONCE, NOW)
    assert (act.method, act.target_uri, act.body) == ("PUT", TARGET, BODY)
    assert (act.content_digest, act.idempotency_key) == (content_digest(BODY), "order-1")
    assert act.signature_input.startswith('act=("@method"')
    assert act.signature.startswith("act=:")


def test_an_empty_body_is_signed_by_its_digest() -> None:
    headers = sign_act(
        private_key=DEVICE,
        key_id=KEY_ID,
        method="DELETE",
        target_uri=TARGET,
        body=b"",
        created=NOW,
        nonce=NONCE,
    )
    assert verify(headers, method="DELETE", body=b"").content_digest == content_digest(b"")


def test_an_unsigned_request_is_refused() -> None:
    with pytest.raises(ActUnsigned):
        verify({"content-digest": content_digest(BODY), "authorization": "Bearer x"})


@pytest.mark.parametrize("missing", ["signature", "signature-input", "content-digest"])
def test_a_missing_field_is_named(missing: str) -> None:
    headers = signed()
    del headers[missing]
    with pytest.raises(ActMalformed, match=missing):
        verify(headers)


def test_a_tampered_body_is_refused() -> None:
    with pytest.raises(ActDigestWrong):
        verify(signed(), body=BODY.replace(b"wool", b"silk"))


def test_a_tampered_body_with_its_own_digest_is_refused() -> None:
    other = b'{"topic":"silk"}'
    with pytest.raises(ActSignatureWrong):
        verify({**signed(), "content-digest": content_digest(other)}, body=other)


@pytest.mark.parametrize(
    "digest", ["", "sha-256=x", "sha-512=:AAAA:", content_digest(BODY) + ", sha-512=:AAAA:"]
)
def test_a_digest_of_another_form_is_refused(digest: str) -> None:
    with pytest.raises(ActMalformed):
        verify({**signed(), "content-digest": digest})


def test_another_method_is_refused() -> None:
    with pytest.raises(ActSignatureWrong):
        verify(signed(), method="DELETE")


@pytest.mark.parametrize(
    "target",
    [
        TARGET.replace("localhost", "elsewhere"),
        TARGET.replace("http:", "https:"),
        TARGET.replace(":8080", ""),
        TARGET.replace("ada", "eve"),
        TARGET + "&more=1",
        TARGET.partition("?")[0],
    ],
)
def test_another_target_is_refused(target: str) -> None:
    with pytest.raises(ActSignatureWrong):
        verify(signed(), target_uri=target)


def test_a_target_outside_the_url_characters_is_refused() -> None:
    with pytest.raises(ActMalformed):
        verify(signed(), target_uri="http://localhost:8080/v1/\u00e9")


def test_an_act_signed_for_the_address_the_client_sees_is_told_the_public_one() -> None:
    public = TARGET.replace("localhost:8080", "guildhall.example")
    with pytest.raises(ActForAnotherTarget) as refusal:
        verify(signed(), target_uri=public, seen_target_uri=TARGET)
    assert refusal.value.target_uri == public
    assert refusal.value.signed_target_uri == TARGET


def test_a_wrong_signature_stays_wrong_at_the_seen_address_too() -> None:
    with pytest.raises(ActSignatureWrong):
        verify(signed(), method="POST", seen_target_uri=TARGET.replace("ada", "eve"))


def test_a_key_that_is_not_the_callers_is_refused() -> None:
    with pytest.raises(ActKeyUnknown) as refusal:
        verify(signed(), public_key=lambda _: None)
    assert refusal.value.device_key_id == KEY_ID


def test_a_signature_of_another_key_under_this_keys_name_is_refused() -> None:
    with pytest.raises(ActSignatureWrong):
        verify(signed(), public_key=lambda _: OTHER_DEVICE.public_key())


@pytest.mark.parametrize(
    ("difference", "refusal"),
    [
        (timedelta(seconds=300), None),
        (timedelta(seconds=301), ActTooOld),
        (timedelta(seconds=-30), None),
        (timedelta(seconds=-31), ActFromTheFuture),
    ],
)
def test_age_and_lead_have_limits(difference: timedelta, refusal: type[ActRefused] | None) -> None:
    for headers in (signed(), {**signed(), "signature-input": respelled(signed()["signature-input"])}):
        if refusal is None:
            assert verify(headers, now=NOW + difference).created == NOW
        else:
            with pytest.raises(refusal):
                verify(headers, now=NOW + difference)


def test_any_age_is_taken_where_no_limit_is_set() -> None:
    assert verify(signed(), now=NOW + timedelta(days=900), limits=ActLimits(age_seconds=None)).created == NOW


@pytest.mark.parametrize("algorithm", ["hmac-sha256", "rsa-pss-sha512", "none", "ED25519"])
def test_another_algorithm_is_refused_whatever_the_signature(algorithm: str) -> None:
    headers = signed()
    headers["signature-input"] = headers["signature-input"].replace('"ed25519"', f'"{algorithm}"')
    with pytest.raises(ActMalformed):
        verify(headers)


def test_a_long_field_is_refused_before_it_is_read() -> None:
    with pytest.raises(ActMalformed, match="longer"):
        verify({**signed(), "signature-input": "a" * 3_000})


def test_times_beyond_the_calendar_are_refused() -> None:
    for created in ("-1", "999999999999", "999999999999999"):
        headers = signed()
        headers["signature-input"] = headers["signature-input"].replace(str(int(NOW.timestamp())), created)
        with pytest.raises(ActRefused):
            verify(headers, limits=ActLimits(age_seconds=None))
