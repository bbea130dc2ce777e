"""An act's file is checked up to the wallet or passkey, and whatever is falsified in it is named."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.device_keys import device_key_id, write_public_key
from chassis.siwe import SIGN_IN_PURPOSE, device_resource
from guildhall.client import Wallet
from guildhall.verify.acts import check_act
from guildhall.verify.command import verify
from guildhall.verify.findings import Altered, Unreadable
from tests.guildhall.verify.act_files import (
    ORIGIN,
    PUBLIC,
    SIGNED_AT,
    WALLET,
    act_by_wallet,
    act_part,
    by_passkey,
    by_wallet,
    file_of,
    message,
)
from tests.support.authenticator import EDDSA, ES256, RS256, Authenticator, challenge

File = dict[str, Any]
THIEF = Ed25519PrivateKey.generate()
THIEFS_PUBLIC = THIEF.public_key().public_bytes_raw()


def test_an_act_is_followed_to_the_wallet() -> None:
    checked = check_act(file_of(act_part(idempotency_key="once")))
    assert (checked.issuer_kind, checked.key, checked.is_signed) == ("wallet", WALLET.address, True)
    assert (checked.method, checked.signed_at) == ("PUT", SIGNED_AT)
    assert check_act(file_of(certificate=by_wallet(statement=None))).is_signed


@pytest.mark.parametrize("algorithm", [ES256, EDDSA, RS256])
def test_an_act_is_followed_to_the_passkey(algorithm: int) -> None:
    checked = check_act(file_of(certificate=by_passkey(algorithm)))
    assert (checked.issuer_kind, checked.is_signed) == ("passkey", True)
    assert checked.fingerprint is not None
    assert len(checked.fingerprint) == 64


@pytest.mark.parametrize("idempotency_key", [None, "once"])
def test_an_act_that_the_wallet_signed_itself_is_followed_to_it(idempotency_key: str | None) -> None:
    checked = check_act(file_of(act_by_wallet(idempotency_key=idempotency_key)))
    assert (checked.is_by_wallet, checked.key) == (True, WALLET.address)
    assert not check_act(file_of()).is_by_wallet


@pytest.mark.parametrize(
    ("act", "certificate"),
    [
        (act_by_wallet(Wallet.create()), None),
        (act_by_wallet() | {"target_uri": f"{ORIGIN}/v1/unions/weavers/backlinks/ada"}, None),
        (act_by_wallet() | {"method": "DELETE"}, None),
        (act_by_wallet(idempotency_key="once") | {"idempotency_key": "twice"}, None),
        (act_by_wallet() | {"signature": act_part()["signature"]}, None),
        (act_part() | {"signature": act_by_wallet()["signature"]}, None),
        (act_by_wallet(), by_passkey()),
    ],
)
def test_what_the_wallet_did_not_sign_is_altered(act: File, certificate: File | None) -> None:
    with pytest.raises(Altered):
        check_act(file_of(act, certificate))


def test_what_nothing_signs_is_not_called_signed() -> None:
    assert not check_act(file_of(certificate=by_passkey(made=True))).is_signed
    contract = by_wallet() | {
        "issuer_kind": "contract_wallet",
        "issuer": f"eip155:1:{WALLET.address}",
        "signature": "0x",
    }
    assert not check_act(file_of(certificate=contract)).is_signed


def set_act(**changed: Any) -> Callable[[File], None]:
    return lambda file: file["act"].update(changed)


def set_certificate(**changed: Any) -> Callable[[File], None]:
    return lambda file: file["certificate"].update(changed)


def signed_by_a_thief(file: File) -> None:
    """Their device signs in its member's name, under the id of the member's device."""
    forged = act_part(THIEF)
    own = device_key_id(PUBLIC)
    forged["signature_input"] = forged["signature_input"].replace(device_key_id(THIEFS_PUBLIC), own)
    file["act"] = forged | {"device_key_id": own}


def device_of_a_thief(file: File) -> None:
    """Their own device, put in the place of the certified one."""
    file["act"] = act_part(THIEF)
    file["certificate"]["device_public_key"] = write_public_key(THIEFS_PUBLIC)


def body_with_its_digest(file: File) -> None:
    other = act_part(body=b'{"leader": "eve"}')
    file["act"] |= {name: other[name] for name in ("body", "content_digest")}


FALSIFIED: dict[str, tuple[Callable[[File], None], str]] = {
    "body": (set_act(body=b64encode(b"{}").decode()), "its digest is another"),
    "body and digest": (body_with_its_digest, "signature does not fit"),
    "method": (set_act(method="DELETE"), "signature does not fit"),
    "target": (set_act(target_uri=f"{ORIGIN}/v1/unions/smiths/voice"), "signature does not fit"),
    "time": (set_act(created=int(SIGNED_AT.timestamp()) + 1), "another time"),
    "nonce": (set_act(nonce="B" * 22), "another nonce"),
    "idempotency key": (set_act(idempotency_key="twice"), "does not cover"),
    "device id": (set_act(device_key_id=device_key_id(THIEFS_PUBLIC)), "its thumbprint is another"),
    "signature": (set_act(signature=act_part(nonce="C" * 22)["signature"]), "signature does not fit"),
    "another's signature": (signed_by_a_thief, "signature does not fit"),
    "another's device": (device_of_a_thief, "certified another device key"),
    "no certificate": (lambda file: file.update(certificate=None), "nobody stands behind its key"),
    "wallet": (set_certificate(issuer=Wallet.create().address), "is of the wallet"),
    "message": (set_certificate(message=message(nonce="nonce9999")), "was not signed by the wallet"),
    "wallet's signature": (
        set_certificate(signature=Wallet.create().sign(message())),
        "was not signed by the wallet",
    ),
    "no message": (set_certificate(message=f"{message()}\nmore"), "no sign-in message"),
}


@pytest.mark.parametrize("what", FALSIFIED)
def test_each_falsification_is_named(what: str) -> None:
    file = file_of()
    falsify, named = FALSIFIED[what]
    falsify(file)
    with pytest.raises(Altered, match=named):
        check_act(file)


def test_a_body_by_another_name_of_its_digest_is_an_idempotency_key_that_was_altered() -> None:
    file = file_of(act_part(idempotency_key="once"))
    file["act"]["idempotency_key"] = "twice"
    with pytest.raises(Altered, match="signature does not fit"):
        check_act(file)


SIGNED_OTHERWISE: dict[str, tuple[dict[str, Any], str]] = {
    "another place": ({"domain": "evil.example", "uri": "https://evil.example"}, "not at https://guild"),
    "another address of it": ({"uri": "https://guild.example.evil.example"}, "not at https://guild"),
    "another scheme": ({"scheme": "http"}, "not at https://guild"),
    "no purpose": ({"resources": (device_resource(PUBLIC),)}, "another purpose"),
    "two purposes": (
        {"resources": (SIGN_IN_PURPOSE, "urn:guildhall:purpose:leave", device_resource(PUBLIC))},
        "another purpose",
    ),
    "two devices": (
        {"resources": (SIGN_IN_PURPOSE, device_resource(PUBLIC), device_resource(THIEFS_PUBLIC))},
        "another device key",
    ),
    "later": ({"issued_at": SIGNED_AT + timedelta(minutes=6)}, "before the wallet certified"),
    "run out": ({"expiration_time": SIGNED_AT - timedelta(minutes=6)}, "had run out"),
    "for ever": ({"expiration_time": None}, "had run out"),
}


@pytest.mark.parametrize("what", SIGNED_OTHERWISE)
def test_a_message_that_says_something_else_certifies_nothing(what: str) -> None:
    changed, named = SIGNED_OTHERWISE[what]
    with pytest.raises(Altered, match=named):
        check_act(file_of(certificate=by_wallet(**changed)))


def test_a_signature_of_the_other_half_is_refused() -> None:
    """It recovers to the same address: one message has one signature."""
    certificate = by_wallet()
    r, s, v = (
        certificate["signature"][2:66],
        certificate["signature"][66:130],
        certificate["signature"][130:],
    )
    order = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
    mirrored = f"0x{r}{order - int(s, 16):064x}{'1c' if v == '1b' else '1b'}"
    with pytest.raises(Altered, match="was not signed by the wallet"):
        check_act(file_of(certificate=certificate | {"signature": mirrored}))


def strangers_passkey() -> Authenticator:
    made = Authenticator("guild.example", ORIGIN)
    made.create(challenge("nonce1234", write_public_key(PUBLIC)))
    return made


def test_a_passkey_that_answered_otherwise_certifies_nothing() -> None:
    cases: list[tuple[dict[str, Any], str]] = [
        (by_passkey(signed_by=strangers_passkey()), "signature does not fit what it answered"),
        (by_passkey(type="webauthn.create"), "another question"),
        (by_passkey(challenge="AAAA"), "challenge is not that of this device key"),
        (by_passkey(origin="https://evil.example"), "not at https://guild.example"),
        (by_passkey(crossOrigin=True), "not at https://guild.example"),
        (by_passkey(made=True, type="webauthn.get"), "another question"),
        (by_passkey(made=True, origin="https://evil.example"), "not at https://guild.example"),
        (by_passkey() | {"issuer": "another"}, "not of another"),
        (by_passkey() | {"signature": "AAAA"}, "signature does not fit what it answered"),
        (
            by_passkey() | {"certified_at": (SIGNED_AT + timedelta(minutes=6)).isoformat()},
            "before the passkey certified",
        ),
    ]
    for certificate, named in cases:
        with pytest.raises(Altered, match=named):
            check_act(file_of(certificate=certificate))
    said = by_passkey()
    told = json.loads(said["message"])
    for field, value, named in (
        ("nonce", "nonce9999", "challenge is not that"),
        ("device_public_key", write_public_key(THIEFS_PUBLIC), "another device key"),
        ("public_key", json.loads(by_passkey()["message"])["public_key"], "signature does not fit"),
        ("authenticator_data", "A" * 50, "of another address"),
    ):
        with pytest.raises(Altered, match=named):
            check_act(file_of(certificate=said | {"message": json.dumps(told | {field: value})}))


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.update(format=2),
        lambda file: file.pop("act"),
        lambda file: file.update(act=[]),
        lambda file: file["act"].pop("signature"),
        lambda file: file["act"].update(created="now"),
        lambda file: file["act"].update(body="*"),
        lambda file: file["act"].update(signature_input="act=x"),
        lambda file: file["certificate"].update(issuer_kind="oracle"),
        lambda file: file["certificate"].update(message=7),
        lambda file: file["certificate"].update(issuer_kind="passkey", message="{}"),
    ],
)
def test_what_cannot_be_read_is_said_to_be_so(spoil: Callable[[File], object]) -> None:
    file = file_of()
    spoil(file)
    with pytest.raises(Unreadable):
        check_act(file)


def test_no_byte_of_it_can_be_changed_unnoticed() -> None:
    """Each value that stands in the file for something: another one is found, or cannot be read."""
    for part in ("act", "certificate"):
        for name in file_of()[part]:
            if name in {"service", "member_id", "stored_at", "certified_at"}:
                continue  # the deployment's word: nothing signs these, and nothing rests on them
            for other in ("x", 7, None, [], {}):
                file = file_of()
                if file[part][name] == other:
                    continue
                file[part][name] = other
                with pytest.raises((Altered, Unreadable)):
                    check_act(file)


@pytest.mark.parametrize("indent", [None, 2])
def test_the_command_says_what_it_found(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], indent: int | None
) -> None:
    def run(file: File, *, as_json: bool = False) -> int:
        path = tmp_path / "act.json"
        path.write_text(json.dumps(file, indent=indent))
        return verify([path], as_json=as_json)

    assert run(file_of()) == 0
    assert f"which the wallet {WALLET.address} certified" in capsys.readouterr().out
    assert run(file_of(certificate=by_passkey(made=True))) == 3
    assert capsys.readouterr().out.startswith("UNSIGNED: PUT https://guild.example/v1/unions/weavers/voice")
    assert run(file_of() | {"certificate": None}) == 1
    assert capsys.readouterr().out.startswith("ALTERED: no certificate")
    assert run(file_of() | {"format": 9}) == 2
    assert capsys.readouterr().out.startswith("NOT READ: the act has the format 9")
    assert run(file_of(), as_json=True) == 0
    [told] = json.loads(capsys.readouterr().out)["acts"]
    assert (told["issuer"], told["certificate_signed"]) == (WALLET.address, True)
