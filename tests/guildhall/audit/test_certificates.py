"""What a contract wallet certified: its row is held against the rules, its signature is called unchecked."""

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.device_keys import device_key_id
from chassis.siwe import SIGN_IN_PURPOSE, SiweMessage, device_resource
from guildhall.audit.acts import BY_CONTRACT, DEVICES, PROMISES
from guildhall.audit.certificates import certificate_fault
from guildhall.audit.promises import Checked
from guildhall.audit.run import Verdict, not_checked

NOW = datetime(2027, 3, 1, 12, tzinfo=UTC)
KEY = Ed25519PrivateKey.generate().public_key().public_bytes_raw()
MEMBER, OTHER = UUID(int=1), UUID(int=2)
ADDRESS = "0x71C7656EC7ab88b098defB751B7401B5f6d8976F"


def row(**changed: Any) -> dict[str, Any]:
    message = SiweMessage(
        domain="guild.example",
        address=ADDRESS,
        uri="https://guild.example",
        chain_id=8453,
        nonce="abcdefgh12345678",
        issued_at=NOW,
        expiration_time=NOW + timedelta(days=90),
        resources=(SIGN_IN_PURPOSE, device_resource(KEY)),
    ).text()
    told: dict[str, Any] = {
        "issuer_kind": "contract_wallet",
        "issuer": f"eip155:8453:{ADDRESS.lower()}",
        "message": message,
        "signature": "0x1234",
        "certified_at": NOW,
        "device_key_id": device_key_id(KEY),
        "public_key": KEY,
        "member_id": MEMBER,
        "key_of": MEMBER,
    }
    return told | changed


def test_a_certificate_that_keeps_the_rules_has_no_fault() -> None:
    assert certificate_fault(row()) is None


@pytest.mark.parametrize(
    ("changed", "fault"),
    [
        ({"issuer": f"eip155:1:{ADDRESS.lower()}"}, "not the member's"),
        ({"issuer": ADDRESS}, "not the member's"),
        ({"key_of": OTHER}, "not the member's"),
        ({"key_of": None}, "not the member's"),
        ({"public_key": bytes(32)}, "another key"),
        ({"device_key_id": "other"}, "another key"),
        ({"message": "hello"}, "no sign-in message"),
        ({"certified_at": NOW + timedelta(days=91)}, "SiweTimeWrong"),
        ({"issuer_kind": "wallet"}, "WalletSignatureMalformed"),
    ],
)
def test_one_that_does_not_is_a_fault(changed: dict[str, Any], fault: str) -> None:
    assert fault in (certificate_fault(row(**changed)) or "")


@pytest.mark.parametrize(("number", "said"), [(0, []), (3, ["only a contract can tell, and only of today"])])
def test_their_signatures_are_said_to_be_unchecked(number: int, said: list[str]) -> None:
    (promise,) = (promise for promise in PROMISES if promise.name == DEVICES)
    verdict = Verdict(promise, Checked({BY_CONTRACT: number}))
    told = [item.why for item in not_checked([verdict]) if "contract wallets" in item.says]
    assert told == said
