"""A wallet certifies a device key in its sign-in message: for this deployment, this nonce, this time."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from eth_account import Account
from eth_account.messages import encode_defunct
from joserfc.jwk import OKPKey

from chassis.device_certificates import CertifiedDevice, DeviceCertificate
from chassis.device_keys import PublicKeyMalformed, device_key_id, public_jwk, read_public_key
from chassis.siwe import (
    SIGN_IN_PURPOSE,
    SignInLimits,
    SignInRefused,
    SiweFieldWrong,
    SiweMalformed,
    SiweMessage,
    SiweTimeWrong,
    WalletSignatureMalformed,
    WalletSignatureWrong,
    device_resource,
)

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
PUBLIC_URL = "http://localhost:8080"
WALLET = Account.from_key("0x" + "4c" * 32)
OTHER_WALLET = Account.from_key("0x" + "4d" * 32)
DEVICE = Ed25519PrivateKey.from_private_bytes(bytes(range(32))).public_key().public_bytes_raw()
NONCE = "abcdefgh12345678"
MESSAGE = SiweMessage(
    domain="localhost:8080",
    address=WALLET.address,
    statement="Sign in to Guildhall.",
    uri=PUBLIC_URL,
    chain_id=1,
    nonce=NONCE,
    issued_at=NOW,
    expiration_time=NOW + timedelta(days=90),
    resources=(SIGN_IN_PURPOSE, device_resource(DEVICE)),
)


def certified(message: SiweMessage = MESSAGE, wallet: Any = WALLET) -> DeviceCertificate:
    text = message.text()
    signature = wallet.sign_message(encode_defunct(text=text)).signature
    return DeviceCertificate(text, f"0x{bytes(signature).hex()}")


def sign_in(certificate: DeviceCertificate, now: datetime = NOW, nonce: str = NONCE) -> CertifiedDevice:
    return certificate.verify_sign_in(public_url=PUBLIC_URL, chain_id=1, nonce=nonce, now=now)


def test_a_certificate_names_device_wallet_and_times() -> None:
    assert sign_in(certified()) == CertifiedDevice(
        key_id=device_key_id(DEVICE),
        public_key=DEVICE,
        wallet_address=WALLET.address,
        issued_at=NOW,
        expires_at=NOW + timedelta(days=90),
    )


def test_it_is_verified_again_at_the_time_of_an_act() -> None:
    certificate = certified()
    later = certificate.verify_at(NOW + timedelta(days=30), public_url=PUBLIC_URL, chain_id=1)
    assert later == sign_in(certificate)
    for moment in (NOW + timedelta(days=90), NOW - timedelta(minutes=1)):
        with pytest.raises(SiweTimeWrong):
            certificate.verify_at(moment, public_url=PUBLIC_URL, chain_id=1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"domain": "guild.example"}, "domain"),
        ({"domain": "localhost"}, "domain"),
        ({"domain": "eve@localhost:8080"}, "domain"),
        ({"scheme": "https"}, "scheme"),
        ({"uri": "http://localhost:80801/"}, "uri"),
        ({"uri": "https://localhost:8080"}, "uri"),
        ({"uri": "http://guild.example/http://localhost:8080"}, "uri"),
        ({"chain_id": 5}, "chain_id"),
        ({"nonce": "abcdefgh87654321"}, "nonce"),
        ({"expiration_time": None}, "expiration_time"),
        ({"expiration_time": NOW + timedelta(days=91)}, "expiration_time"),
        ({"resources": None}, "resources"),
        ({"resources": (SIGN_IN_PURPOSE,)}, "resources"),
        ({"resources": (device_resource(DEVICE),)}, "resources"),
        ({"resources": (SIGN_IN_PURPOSE, device_resource(DEVICE), device_resource(DEVICE))}, "resources"),
        ({"resources": ("urn:guildhall:purpose:recovery", device_resource(DEVICE))}, "resources"),
        (
            {"resources": (SIGN_IN_PURPOSE, "urn:guildhall:purpose:recovery", device_resource(DEVICE))},
            "resources",
        ),
        ({"resources": (SIGN_IN_PURPOSE, device_resource(DEVICE[:31]))}, "resources"),
        ({"resources": (SIGN_IN_PURPOSE, device_resource(DEVICE) + "=")}, "resources"),
        ({"resources": (SIGN_IN_PURPOSE, "urn:guildhall:device:ed25519:!!")}, "resources"),
    ],
)
def test_a_message_for_something_else_is_refused(changes: dict[str, Any], field: str) -> None:
    with pytest.raises(SiweFieldWrong) as refusal:
        sign_in(certified(replace(MESSAGE, **changes)))
    assert refusal.value.field == field


def test_a_link_below_the_public_address_is_the_same_deployment() -> None:
    assert sign_in(certified(replace(MESSAGE, uri=f"{PUBLIC_URL}/v1/auth/sessions", scheme="http")))


@pytest.mark.parametrize(
    ("changes", "now", "field"),
    [
        ({}, NOW + timedelta(seconds=601), "issued_at"),
        ({}, NOW - timedelta(seconds=31), "issued_at"),
        ({"not_before": NOW + timedelta(minutes=1)}, NOW, "not_before"),
        ({"expiration_time": NOW + timedelta(seconds=5)}, NOW + timedelta(seconds=5), "expiration_time"),
        ({"expiration_time": NOW}, NOW, "expiration_time"),
        ({"expiration_time": NOW}, NOW - timedelta(seconds=1), "expiration_time"),
    ],
)
def test_a_message_out_of_its_time_is_refused(changes: dict[str, Any], now: datetime, field: str) -> None:
    with pytest.raises(SiweTimeWrong) as refusal:
        sign_in(certified(replace(MESSAGE, **changes)), now=now)
    assert refusal.value.field == field


def test_clocks_may_differ_by_half_a_minute() -> None:
    assert sign_in(certified(), now=NOW - timedelta(seconds=30))
    assert sign_in(certified(), now=NOW + timedelta(seconds=600))


def test_the_signature_of_another_wallet_is_refused() -> None:
    with pytest.raises(WalletSignatureWrong):
        sign_in(certified(wallet=OTHER_WALLET))


def test_a_message_edited_after_signing_is_refused() -> None:
    certificate = certified()
    edited = certificate.message.replace("Sign in to", "Sign in at")
    with pytest.raises(WalletSignatureWrong):
        sign_in(DeviceCertificate(edited, certificate.signature))


def test_neither_a_text_nor_a_signature_of_another_form_is_read() -> None:
    with pytest.raises(SiweMalformed):
        sign_in(DeviceCertificate("hello", certified().signature))
    with pytest.raises(WalletSignatureMalformed):
        sign_in(DeviceCertificate(certified().message, "0x00"))
    assert issubclass(SiweMalformed, SignInRefused)


def test_a_shorter_life_may_be_demanded() -> None:
    with pytest.raises(SiweFieldWrong):
        certified().verify_at(
            NOW,
            public_url=PUBLIC_URL,
            chain_id=1,
            limits=SignInLimits(device_key_lifetime_seconds=86_400),
        )


def test_a_key_id_is_the_thumbprint_that_the_library_computes() -> None:
    assert device_key_id(DEVICE) == OKPKey.import_key({**public_jwk(DEVICE)}).thumbprint()


def test_the_thumbprint_is_that_of_the_standard() -> None:
    key = read_public_key("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo")  # RFC 8037, appendix A.3
    assert device_key_id(key) == "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"


@pytest.mark.parametrize("written", ["", "A", "A" * 42, "A" * 44, "A" * 42 + "B", "\u00e9" * 43])
def test_a_public_key_of_another_spelling_is_refused(written: str) -> None:
    with pytest.raises(PublicKeyMalformed):
        read_public_key(written)
