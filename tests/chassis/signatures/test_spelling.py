"""One signature may be spelt in several ways; nothing but this signature passes in any of them."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from http_message_signatures.algorithms import ED25519  # pyright: ignore[reportPrivateImportUsage]
from http_message_signatures.resolvers import MappingKeyResolver
from http_message_signatures.signatures import HTTPMessageVerifier
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.signatures import (
    ActMalformed,
    ActRefused,
    ActSignatureWrong,
    sign_act,
)
from chassis.signatures.profile import SignableRequest
from tests.chassis.signatures.signing import (
    DEVICE,
    KEY_ID,
    NONCE,
    NOW,
    TARGET,
    Lines,
    respelled,
    signed,
    signed_by_library,
    verify,
)


@settings(max_examples=30, deadline=None)
@given(
    body=st.binary(max_size=64),
    key=st.none() | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20),
    nonce=st.text("abcXYZ019-_", min_size=16, max_size=64),
)
def test_the_library_makes_and_takes_the_same_signature(body: bytes, key: str | None, nonce: str) -> None:
    covered = ("@method", "@target-uri", "content-digest", *(("idempotency-key",) if key else ()))
    now = datetime.now(UTC).replace(microsecond=0)
    ours = sign_act(
        private_key=DEVICE,
        key_id=KEY_ID,
        method="PUT",
        target_uri=TARGET,
        body=body,
        created=now,
        nonce=nonce,
        idempotency_key=key,
    )
    verifier = HTTPMessageVerifier(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(public_keys={KEY_ID: DEVICE.public_key()}, private_keys={}),
    )
    (theirs,) = verifier.verify(
        SignableRequest("PUT", TARGET, ours, body), expect_tag="guildhall-act", body=body
    )
    assert theirs.nonce == nonce
    made = signed_by_library(covered, body=body, idempotency_key=key, nonce=nonce)
    assert verify(made, body=body).idempotency_key == key
    by_us = verify(ours, body=body, now=now)
    assert made["signature-input"] == by_us.signature_input.replace(
        f"created={int(now.timestamp())}", f"created={int(NOW.timestamp())}"
    )


def test_another_order_and_other_spaces_are_the_same_signature() -> None:
    assert verify(signed_by_library(("content-digest", "@target-uri", "@method"))).nonce == NONCE
    assert (
        verify({**signed("k-1"), "signature-input": respelled(signed("k-1")["signature-input"])}).nonce
        == NONCE
    )


def test_another_signature_beside_ours_is_left_alone() -> None:
    ours, proxy = signed(), signed_by_library(label="proxy", tag="proxy")
    lines = Lines(
        ("Content-Digest", ours["content-digest"]),
        ("Signature-Input", ours["signature-input"]),
        ("Signature-Input", proxy["signature-input"]),
        ("Signature", ours["signature"]),
        ("Signature", proxy["signature"]),
    )
    assert verify(lines).nonce == NONCE


@pytest.mark.parametrize("name", ["signature", "signature-input", "content-digest"])
def test_a_field_or_label_sent_twice_is_refused(name: str) -> None:
    headers = signed()
    with pytest.raises(ActMalformed):
        verify(Lines(*headers.items(), (name.title(), headers[name])))


def test_a_label_twice_in_one_line_is_refused() -> None:
    headers = signed()
    for name in ("signature", "signature-input"):
        headers[name] = f"{headers[name]}, {headers[name]}"
    with pytest.raises(ActMalformed):
        verify(headers)


def test_an_idempotency_key_sent_twice_is_refused() -> None:
    with pytest.raises(ActMalformed, match="twice"):
        verify(Lines(*signed("k-1").items(), ("Idempotency-Key", "k-2")))


def test_an_idempotency_key_that_is_not_signed_is_refused() -> None:
    for spelt in (signed(), {**signed(), "signature-input": respelled(signed()["signature-input"])}):
        with pytest.raises(ActMalformed, match="not signed"):
            verify({**spelt, "Idempotency-Key": "k-1"})


def test_an_idempotency_key_that_is_signed_but_not_sent_is_refused() -> None:
    headers = signed("k-1")
    del headers["idempotency-key"]
    with pytest.raises(ActMalformed, match="not sent"):
        verify(headers)


def test_another_idempotency_key_is_refused() -> None:
    with pytest.raises(ActSignatureWrong):
        verify({**signed("k-1"), "idempotency-key": "k-2"})


@pytest.mark.parametrize(
    "headers",
    [
        signed_by_library(label="sig1"),
        signed_by_library(tag="other"),
        signed_by_library(tag=None),
        signed_by_library(nonce=None),
        signed_by_library(nonce="short"),
        signed_by_library(nonce="n" * 65),
        signed_by_library(include_alg=False),
        signed_by_library(expires=NOW + timedelta(days=1)),
        signed_by_library(("@method", "@target-uri")),
        signed_by_library(("@method", "content-digest")),
        signed_by_library(("@method", "@target-uri", "content-digest", "@authority")),
        signed_by_library(("@method", "@target-uri", '"content-digest";sf')),
        signed_by_library(("@method", "@path", "content-digest")),
    ],
)
def test_a_signature_of_another_profile_is_refused(headers: dict[str, str]) -> None:
    with pytest.raises(ActMalformed):
        verify(headers)


@settings(max_examples=300, deadline=None)
@given(
    name=st.sampled_from(["signature", "signature-input", "content-digest", "idempotency-key"]),
    place=st.integers(min_value=0, max_value=400),
    put=st.text(max_size=3),
    cut=st.integers(min_value=0, max_value=3),
)
def test_any_edit_of_a_field_is_refused_or_means_the_same(name: str, place: int, put: str, cut: int) -> None:
    headers = signed("order-1")
    whole = headers[name]
    place %= len(whole) + 1
    headers[name] = whole[:place] + put + whole[place + cut :]
    try:
        act = verify(headers)
    except ActRefused:
        return
    assert replace(act, signature="", signature_input="") == replace(
        verify(signed("order-1")), signature="", signature_input=""
    )
