"""A passkey certifies a device key by what it signs: nothing of it may be otherwise."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import cbor2
import pytest
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from hypothesis import given
from hypothesis import strategies as st

from chassis.device_keys import device_key_id, read_public_key, write_public_key
from chassis.passkeys import (
    PasskeyCertificate,
    PasskeyDevice,
    PasskeyMalformed,
    PasskeySignatureWrong,
    PasskeyWrong,
)
from chassis.siwe import SignInRefused
from tests.support.authenticator import (
    BACKED_UP,
    BACKUP_ELIGIBLE,
    EDDSA,
    ES256,
    PRESENT,
    RS256,
    VERIFIED,
    Authenticator,
    base64url,
    challenge,
)

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
PUBLIC_URL = "https://guild.example"
NONCE = "5f2d3b1a4e6f7c1f9a8c0193e0c2d6b1"
DEVICE, OTHER_DEVICE = write_public_key(bytes(range(32))), write_public_key(bytes(32))
LIFETIME_SECONDS = 86_400


def authenticator(**more: Any) -> Authenticator:
    return Authenticator("guild.example", PUBLIC_URL, **more)


def registration(made: dict[str, Any], *, nonce: str = NONCE, device: str = DEVICE) -> PasskeyCertificate:
    return PasskeyCertificate.of_registration(
        nonce=nonce,
        device_public_key=device,
        credential_id=made["id"],
        client_data=made["response"]["clientDataJSON"],
        attestation_object=made["response"]["attestationObject"],
        certified_at=NOW,
    )


def assertion(
    passkey: Authenticator, made: dict[str, Any], *, nonce: str = NONCE, device: str = DEVICE
) -> PasskeyCertificate:
    return PasskeyCertificate.of_assertion(
        nonce=nonce,
        device_public_key=device,
        credential_id=made["id"],
        client_data=made["response"]["clientDataJSON"],
        authenticator_data=made["response"]["authenticatorData"],
        signature=made["response"]["signature"],
        public_key=cbor2.dumps(passkey.public_key()),
        certified_at=NOW,
    )


def verified(certificate: PasskeyCertificate) -> PasskeyDevice:
    return certificate.verify(public_url=PUBLIC_URL, lifetime_seconds=LIFETIME_SECONDS)


def asked(**more: Any) -> tuple[Authenticator, dict[str, Any]]:
    """A passkey that was made before, and its answer to this nonce and device."""
    passkey = authenticator()
    passkey.create(b"another time")
    return passkey, passkey.get(challenge(NONCE, DEVICE), **more)


@pytest.mark.parametrize("algorithm", [ES256, EDDSA, RS256])
def test_a_passkey_certifies_a_device_key_when_it_is_made_and_when_it_signs(algorithm: int) -> None:
    passkey = authenticator(algorithm=algorithm, counts=True, flags=PRESENT | VERIFIED | BACKUP_ELIGIBLE)
    made = verified(registration(passkey.create(challenge(NONCE, DEVICE))))
    signed = verified(assertion(passkey, passkey.get(challenge(NONCE, DEVICE))))
    public_key = read_public_key(DEVICE)
    assert made == PasskeyDevice(
        key_id=device_key_id(public_key),
        public_key=public_key,
        credential_id=base64url(passkey.credential_id),
        credential_public_key=cbor2.dumps(passkey.public_key()),
        sign_count=0,
        registered=True,
        backed_up=False,
        issued_at=NOW,
        expires_at=NOW + timedelta(seconds=LIFETIME_SECONDS),
    )
    assert signed == replace(made, registered=False, sign_count=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"origin": "https://guild.example.evil"}, "origin"),
        ({"origin": "http://guild.example"}, "origin"),
        ({"type": "payment.get"}, "type"),
        ({"challenge": base64url(bytes(32))}, "challenge"),
        ({"crossOrigin": True}, "crossOrigin"),
    ],
)
def test_client_data_of_another_ceremony_is_refused(changes: dict[str, Any], field: str) -> None:
    passkey, signed = asked(**changes)
    with pytest.raises(PasskeyWrong) as refusal:
        verified(assertion(passkey, signed))
    assert refusal.value.field == field
    with pytest.raises(PasskeyWrong) as refusal:
        verified(registration(passkey.create(challenge(NONCE, DEVICE), **changes)))
    assert refusal.value.field == field


def test_a_registration_is_no_assertion_and_the_other_way_round() -> None:
    passkey, signed = asked(type="webauthn.create")
    with pytest.raises(PasskeyWrong, match=r"webauthn\.get"):
        verified(assertion(passkey, signed))
    with pytest.raises(PasskeyWrong, match=r"webauthn\.create"):
        verified(registration(passkey.create(challenge(NONCE, DEVICE), type="webauthn.get")))


@pytest.mark.parametrize(
    ("flags", "field"),
    [
        (0, "userPresent"),
        (VERIFIED, "userPresent"),
        (PRESENT, "userVerified"),
        (PRESENT | VERIFIED | BACKED_UP, "backedUp"),
    ],
)
def test_nobody_present_or_nobody_verified_is_refused(flags: int, field: str) -> None:
    passkey = authenticator(flags=flags)
    with pytest.raises(PasskeyWrong) as refusal:
        verified(registration(passkey.create(challenge(NONCE, DEVICE))))
    assert refusal.value.field == field
    with pytest.raises(PasskeyWrong) as refusal:
        verified(assertion(passkey, passkey.get(challenge(NONCE, DEVICE))))
    assert refusal.value.field == field


def test_a_passkey_of_another_party_is_refused() -> None:
    passkey = Authenticator("evil.example", PUBLIC_URL)
    with pytest.raises(PasskeyWrong) as refusal:
        verified(registration(passkey.create(challenge(NONCE, DEVICE))))
    assert refusal.value.field == "rpIdHash"
    with pytest.raises(PasskeyWrong):
        verified(assertion(passkey, passkey.get(challenge(NONCE, DEVICE))))


def test_where_no_passkey_works_none_is_believed() -> None:
    passkey = Authenticator("127.0.0.1", "http://127.0.0.1:8080")
    made = registration(passkey.create(challenge(NONCE, DEVICE)))
    with pytest.raises(PasskeyWrong):
        made.verify(public_url="http://127.0.0.1:8080", lifetime_seconds=LIFETIME_SECONDS)


def test_another_passkeys_signature_is_refused() -> None:
    passkey, signed = asked()
    other, _ = asked()
    with pytest.raises(PasskeySignatureWrong):
        verified(assertion(other, signed))
    assert verified(assertion(passkey, signed))


@pytest.mark.parametrize(
    ("algorithm", "key"),
    [
        (ES256, ec.generate_private_key(ec.SECP384R1())),
        (-35, ec.generate_private_key(ec.SECP384R1())),
        (RS256, rsa.generate_private_key(public_exponent=65_537, key_size=1_024)),
        (-37, rsa.generate_private_key(public_exponent=65_537, key_size=2_048)),
    ],
)
def test_keys_of_other_algorithms_and_sizes_are_refused(algorithm: int, key: Any) -> None:
    passkey = authenticator(algorithm=algorithm, key=key)
    with pytest.raises(PasskeyWrong) as refusal:
        verified(registration(passkey.create(challenge(NONCE, DEVICE))))
    assert refusal.value.field == "algorithm"


def test_a_registration_names_the_passkey_that_was_made() -> None:
    made = authenticator().create(challenge(NONCE, DEVICE))
    with pytest.raises(PasskeyWrong) as refusal:
        verified(registration(made | {"id": base64url(b"another passkey.")}))
    assert refusal.value.field == "id"


def test_an_attestation_that_was_not_asked_for_is_refused() -> None:
    passkey = authenticator()
    made = passkey.create(challenge(NONCE, DEVICE))
    attestation = cbor2.loads(_bytes(made["response"]["attestationObject"]))
    attestation |= {"fmt": "packed", "attStmt": {"alg": -7, "sig": b"s", "x5c": [b"certificate"]}}
    made["response"]["attestationObject"] = base64url(cbor2.dumps(attestation))
    with pytest.raises(PasskeyWrong) as refusal:
        verified(registration(made))
    assert refusal.value.field == "attestation"


@given(st.binary(max_size=300))
def test_bytes_that_are_no_attestation_are_refused(content: bytes) -> None:
    made = authenticator().create(challenge(NONCE, DEVICE))
    made["response"]["attestationObject"] = base64url(content)
    with pytest.raises(SignInRefused):
        verified(registration(made))


@given(st.binary(max_size=200), st.sampled_from(["clientDataJSON", "authenticatorData", "signature"]))
def test_bytes_that_are_no_assertion_are_refused(content: bytes, part: str) -> None:
    passkey, signed = asked()
    signed["response"][part] = base64url(content)
    with pytest.raises(SignInRefused):
        verified(assertion(passkey, signed))


@given(st.sampled_from(["nonce", "device"]), st.text(alphabet="0123456789abcdef", min_size=32, max_size=32))
def test_a_signature_is_for_one_nonce_and_one_device(changed: str, nonce: str) -> None:
    passkey, signed = asked()
    other = {"nonce": nonce} if changed == "nonce" else {"device": OTHER_DEVICE}
    with pytest.raises(PasskeyWrong) as refusal:
        verified(assertion(passkey, signed, **other))
    assert refusal.value.field == "challenge"


@given(st.integers(min_value=0, max_value=8 * 37 - 1))
def test_no_bit_of_what_was_signed_may_differ(bit: int) -> None:
    passkey, signed = asked()
    data = bytearray(_bytes(signed["response"]["authenticatorData"]))
    data[bit // 8] ^= 1 << bit % 8
    signed["response"]["authenticatorData"] = base64url(bytes(data))
    with pytest.raises(SignInRefused):
        verified(assertion(passkey, signed))


@pytest.mark.parametrize(
    "message",
    [
        "",
        "[]",
        '{"nonce":"n"}',
        '{"client_data":"","credential_id":"","device_public_key":"' + DEVICE + '","nonce":"n","version":1}',
        '{"client_data":"","credential_id":"","device_public_key":"x","nonce":"n","version":1}',
    ],
)
def test_a_text_that_is_no_certificate_is_refused(message: str) -> None:
    with pytest.raises(PasskeyMalformed):
        verified(PasskeyCertificate(message, "", NOW))


def test_a_certificate_has_one_spelling() -> None:
    certificate = registration(authenticator().create(challenge(NONCE, DEVICE)))
    spaced = json.dumps(json.loads(certificate.message), sort_keys=True)
    with pytest.raises(PasskeyMalformed, match="canonical"):
        verified(replace(certificate, message=spaced))
    with pytest.raises(PasskeyMalformed, match="nothing else"):
        verified(replace(certificate, signature="c2ln"))
    padded = authenticator().create(challenge(NONCE, DEVICE))
    padded["response"]["clientDataJSON"] += "="
    with pytest.raises(PasskeyMalformed, match="clientDataJSON"):
        verified(registration(padded))


def _bytes(written: str) -> bytes:
    from base64 import urlsafe_b64decode

    return urlsafe_b64decode(written + "=" * (-len(written) % 4))
