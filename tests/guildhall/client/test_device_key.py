"""What a device signs is what the chassis and the RFC 9421 library verify."""

from datetime import UTC, datetime

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from http_message_signatures.algorithms import ED25519  # pyright: ignore[reportPrivateImportUsage]
from http_message_signatures.resolvers import MappingKeyResolver
from http_message_signatures.signatures import HTTPMessageVerifier
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.device_keys import device_key_id, read_public_key
from chassis.signatures import sign_act, verify_act
from chassis.signatures.profile import SignableRequest
from guildhall.client import DeviceKey

DEVICE = DeviceKey.of(bytes(range(32)))
PUBLIC = read_public_key(DEVICE.public_key)
TARGET = "http://localhost:8080/v1/unions/weavers/backlinks/ada?topic=wool%20dye"


def test_a_key_is_named_by_its_thumbprint() -> None:
    assert device_key_id(PUBLIC) == DEVICE.key_id


@settings(max_examples=30, deadline=None)
@given(
    body=st.binary(max_size=64),
    key=st.none() | st.text(st.characters(min_codepoint=0x21, max_codepoint=0x7E), min_size=1, max_size=20),
    method=st.sampled_from(["POST", "PUT", "DELETE"]),
)
def test_chassis_and_library_take_what_it_signs(body: bytes, key: str | None, method: str) -> None:
    now = datetime.now(UTC).replace(microsecond=0)
    headers = DEVICE.sign(
        method=method,
        target_uri=TARGET,
        body=body,
        created_seconds=int(now.timestamp()),
        idempotency_key=key,
    )
    sent = headers if key is None else {**headers, "idempotency-key": key}
    act = verify_act(
        method=method,
        target_uri=TARGET,
        headers=sent,
        body=body,
        public_key=lambda key_id: (
            Ed25519PublicKey.from_public_bytes(PUBLIC) if key_id == DEVICE.key_id else None
        ),
        now=now,
    )
    assert (act.body, act.idempotency_key, act.created) == (body, key, now)
    verifier = HTTPMessageVerifier(
        signature_algorithm=ED25519,
        key_resolver=MappingKeyResolver(
            public_keys={DEVICE.key_id: Ed25519PublicKey.from_public_bytes(PUBLIC)}, private_keys={}
        ),
    )
    (verified,) = verifier.verify(
        SignableRequest(method, TARGET, sent, body), expect_tag="guildhall-act", expect_label="act", body=body
    )
    assert verified.nonce == act.nonce


def test_it_signs_as_the_chassis_does() -> None:
    now = datetime(2026, 3, 1, tzinfo=UTC)
    ours = DEVICE.sign(
        method="POST",
        target_uri=TARGET,
        body=b"{}",
        created_seconds=int(now.timestamp()),
        idempotency_key="k",
        nonce="n" * 22,
    )
    theirs = sign_act(
        private_key=DEVICE.private_key,
        key_id=DEVICE.key_id,
        method="POST",
        target_uri=TARGET,
        body=b"{}",
        created=now,
        nonce="n" * 22,
        idempotency_key="k",
    )
    assert {**ours, "idempotency-key": "k"} == theirs


def test_every_signature_has_its_own_nonce() -> None:
    inputs = {
        DEVICE.sign(method="PUT", target_uri=TARGET, body=b"", created_seconds=1)["signature-input"]
        for _ in range(50)
    }
    assert len(inputs) == 50


def test_a_derived_key_is_the_same_again_and_anothers_is_not() -> None:
    assert DeviceKey.derived("seed", "ada").key_id == DeviceKey.derived("seed", "ada").key_id
    others = {DeviceKey.derived(seed, name).key_id for seed in "ab" for name in "ab"}
    assert len(others) == 4


def test_a_key_does_not_print_itself() -> None:
    assert repr(DEVICE) == f"DeviceKey({DEVICE.key_id})"
