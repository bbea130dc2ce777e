"""A wallet signs an act itself (EIP-712), in the place of the device key that it has certified."""

from base64 import b64decode, b64encode
from datetime import timedelta
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_typed_data
from hypothesis import given
from hypothesis import strategies as st

from chassis.signatures import (
    ActDigestWrong,
    ActForAnotherTarget,
    ActFromTheFuture,
    ActKeyUnknown,
    ActMalformed,
    ActRefused,
    ActSignatureWrong,
    ActTooOld,
    ActUnsigned,
    ActWalletUnknown,
    ForwardedAct,
    SignedAct,
    content_digest,
    verify_act,
)
from chassis.signatures.typed_acts import typed_act_hash
from guildhall.client import DeviceKey, Wallet
from guildhall.client.wallet_acts import WalletActs
from tests.chassis.signatures.signing import BODY, NONCE, NOW, TARGET

WALLET, OTHER_WALLET = Wallet.derived("acts", "ada"), Wallet.derived("acts", "eve")
DEVICE = DeviceKey.derived("acts", "ada")
SECONDS = int(NOW.timestamp())
ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
TYPES = {
    "Act": [
        {"name": "method", "type": "string"},
        {"name": "target", "type": "string"},
        {"name": "body", "type": "string"},
        {"name": "idempotencyKey", "type": "string"},
        {"name": "created", "type": "uint64"},
        {"name": "nonce", "type": "string"},
        {"name": "device", "type": "string"},
    ]
}


def signed(wallet: Wallet = WALLET, **changed: Any) -> dict[str, str]:
    what: dict[str, Any] = {
        "method": "PUT",
        "target_uri": TARGET,
        "body": BODY,
        "created_seconds": SECONDS,
        "nonce": NONCE,
    }
    return WalletActs(wallet, DEVICE).sign(**what | changed)


def verify(headers: dict[str, str], **changed: Any) -> SignedAct:
    key = DEVICE.private_key.public_key()
    asked: dict[str, Any] = {
        "method": "PUT",
        "target_uri": TARGET,
        "body": BODY,
        "public_key": lambda key_id: key if key_id == DEVICE.key_id else None,
        "wallets": [WALLET.address],
        "now": NOW,
    }
    return verify_act(headers=headers, **asked | changed)


@given(
    texts=st.lists(st.text(max_size=40), min_size=6, max_size=6),
    created=st.integers(min_value=0, max_value=2**64 - 1),
)
def test_what_is_hashed_is_what_a_wallet_shows(texts: list[str], created: int) -> None:
    method, target, body, idempotency_key, nonce, device = texts
    shown = {
        "method": method,
        "target": target,
        "body": body,
        "idempotencyKey": idempotency_key,
        "created": created,
        "nonce": nonce,
        "device": device,
    }
    ours = typed_act_hash(
        method=method,
        target_uri=target,
        body=body.encode(),
        idempotency_key=idempotency_key,
        created_seconds=created,
        nonce=nonce,
        key_id=device,
    )
    key = Account.from_key(WALLET.private_key)
    theirs = key.sign_message(encode_typed_data({"name": "Guildhall", "version": "1"}, TYPES, shown))
    assert WALLET.sign_hash(ours) == bytes(theirs.signature)


@pytest.mark.parametrize("idempotency_key", [None, "order-1"])
def test_the_wallet_that_certified_the_device_signs_in_its_place(idempotency_key: str | None) -> None:
    headers = signed(idempotency_key=idempotency_key)
    if idempotency_key is not None:
        headers["idempotency-key"] = idempotency_key
    act = verify(headers)
    assert (act.wallet_address, act.key_id, act.nonce) == (WALLET.address, DEVICE.key_id, NONCE)
    assert act.content_digest == content_digest(BODY)
    forwarded = ForwardedAct.of(act)
    key = DEVICE.private_key.public_key()
    again = forwarded.verify(
        public_url="http://localhost:8080",
        public_key=lambda _: key,
        wallets=[WALLET.address],
        now=NOW + timedelta(days=3),
    )
    assert again == act


def test_a_device_still_signs_by_itself() -> None:
    headers = DEVICE.sign(
        method="PUT", target_uri=TARGET, body=BODY, created_seconds=int(NOW.timestamp()), nonce=NONCE
    )
    assert verify(headers).wallet_address is None


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"wallets": ()}, ActWalletUnknown),
        ({"wallets": [OTHER_WALLET.address]}, ActSignatureWrong),
        ({"public_key": lambda _: None}, ActKeyUnknown),
        ({"method": "DELETE"}, ActSignatureWrong),
        ({"target_uri": f"{TARGET}x"}, ActSignatureWrong),
        ({"target_uri": f"{TARGET}x", "seen_target_uri": TARGET}, ActForAnotherTarget),
        ({"body": b'{"topic":"silk"}'}, ActDigestWrong),
        ({"now": NOW + timedelta(seconds=301)}, ActTooOld),
    ],
)
def test_what_the_wallet_did_not_sign_is_refused(changed: dict[str, Any], refusal: type[ActRefused]) -> None:
    with pytest.raises(refusal):
        verify(signed(), **changed)


def test_another_body_under_its_own_digest_is_refused() -> None:
    body = b'{"topic":"silk"}'
    with pytest.raises(ActSignatureWrong):
        verify(signed() | {"content-digest": content_digest(body)}, body=body)


@pytest.mark.parametrize(
    ("altered", "refusal"),
    [
        ((f"created={SECONDS}", f"created={SECONDS + 1}"), ActSignatureWrong),
        ((f"created={SECONDS}", f"created={SECONDS - 1}"), ActSignatureWrong),
        ((f"created={SECONDS}", f"created=1{SECONDS}"), ActFromTheFuture),
        (('nonce="', 'nonce="x'), ActSignatureWrong),
    ],
)
def test_another_time_or_nonce_is_refused(altered: tuple[str, str], refusal: type[ActRefused]) -> None:
    headers = signed()
    told = headers["signature-input"].replace(*altered)
    assert told != headers["signature-input"]
    with pytest.raises(refusal):
        verify(headers | {"signature-input": told})


def test_an_idempotency_key_is_signed_with_the_act() -> None:
    with pytest.raises(ActMalformed):
        verify(signed() | {"idempotency-key": "order-1"})
    with pytest.raises(ActSignatureWrong):
        verify(signed(idempotency_key="order-1") | {"idempotency-key": "order-2"})


@pytest.mark.parametrize("form", ["high s", "v 0", "no v", "nothing", "of a device"])
def test_a_signature_has_one_form(form: str) -> None:
    headers = signed()
    raw = b64decode(headers["signature"][5:-1])
    r, s, v = raw[:32], int.from_bytes(raw[32:64]), raw[64]
    other = {
        "high s": r + (ORDER - s).to_bytes(32) + bytes((55 - v,)),
        "v 0": raw[:64] + bytes((v - 27,)),
        "no v": raw[:64],
        "nothing": bytes(65),
        "of a device": DEVICE.private_key.sign(b"something"),
    }[form]
    headers["signature"] = f"act=:{b64encode(other).decode()}:"
    with pytest.raises(ActSignatureWrong):
        verify(headers)


@pytest.mark.parametrize("algorithm", ["ed25519", "none", "EIP712", "hmac-sha256"])
def test_a_wallets_signature_is_none_of_another_algorithm(algorithm: str) -> None:
    headers = signed()
    headers["signature-input"] = headers["signature-input"].replace("eip712", algorithm)
    with pytest.raises((ActSignatureWrong, ActMalformed)):
        verify(headers)


def test_a_device_signature_is_none_of_a_wallet() -> None:
    headers = DEVICE.sign(method="PUT", target_uri=TARGET, body=BODY, created_seconds=int(NOW.timestamp()))
    headers["signature-input"] = headers["signature-input"].replace("ed25519", "eip712")
    with pytest.raises(ActSignatureWrong):
        verify(headers)


def test_a_body_that_nobody_can_be_shown_is_refused() -> None:
    body = b"\xff\xfe"
    with pytest.raises(UnicodeDecodeError):
        signed(body=body)
    with pytest.raises(ActMalformed, match="no text"):
        verify(signed() | {"content-digest": content_digest(body)}, body=body)


def test_a_sign_in_message_is_no_act() -> None:
    """The wallet's signature over a text (EIP-191) does not pass for one over an act."""
    text = WALLET.sign("PUT /v1/unions/weavers/voice")
    headers = signed() | {"signature": f"act=:{b64encode(bytes.fromhex(text[2:])).decode()}:"}
    with pytest.raises(ActSignatureWrong):
        verify(headers)
    with pytest.raises(ActUnsigned):
        verify({"content-digest": content_digest(BODY)})
