"""One message has one signature: high s and other values of v are refused, whichever backend recovers."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from typing import Any

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct
from eth_keys import backends
from hypothesis import given, settings
from hypothesis import strategies as st

from chassis.siwe import WalletSignatureMalformed, checksum_address, recover_wallet

ORDER = 0xFFFFFFFF_FFFFFFFF_FFFFFFFF_FFFFFFFE_BAAEDCE6_AF48A03B_BFD25E8C_D0364141
KEY = "0x" + "4c" * 32
ADDRESS: str = Account.from_key(KEY).address
TEXT = "localhost wants you to sign in"


def signed(text: str = TEXT) -> str:
    return f"0x{Account.sign_message(encode_defunct(text=text), KEY).signature.hex().removeprefix('0x')}"


@pytest.fixture(params=["CoinCurveECCBackend", "NativeECCBackend"])
def backend(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Has eth-keys recover with one of its backends, and sees that this one did."""
    if request.param == "CoinCurveECCBackend":
        pytest.importorskip("coincurve", reason="the accelerator is optional")
    monkeypatch.setenv("ECC_BACKEND_CLASS", f"eth_keys.backends.{request.param}")
    chosen: Any = getattr(backends, request.param)
    recover = chosen.ecdsa_recover
    calls: list[bytes] = []

    def counted(itself: object, digest: bytes, signature: object) -> object:
        calls.append(digest)
        return recover(itself, digest, signature)

    monkeypatch.setattr(chosen, "ecdsa_recover", counted)
    yield
    assert calls


@pytest.mark.usefixtures("backend")
def test_the_wallet_that_signed_is_recovered() -> None:
    assert recover_wallet(TEXT, signed()) == ADDRESS
    assert recover_wallet(TEXT + "!", signed()) != ADDRESS


@pytest.mark.usefixtures("backend")
def test_a_signature_that_no_key_made_is_refused() -> None:
    impossible = f"0x{5:064x}{1:064x}1b"  # no point of the curve has x = 5
    with pytest.raises(WalletSignatureMalformed):
        recover_wallet(TEXT, impossible)


def test_the_high_twin_of_a_signature_is_refused() -> None:
    signature = signed()
    r, s, v = signature[2:66], int(signature[66:130], 16), int(signature[130:], 16)
    twin = f"0x{r}{ORDER - s:064x}{55 - v:02x}"
    assert Account.recover_message(encode_defunct(text=TEXT), signature=twin) == ADDRESS
    with pytest.raises(WalletSignatureMalformed, match="lower half"):
        recover_wallet(TEXT, twin)


@pytest.mark.parametrize("v", [0, 1, 26, 29, 35, 36, 37, 38, 255])
def test_another_v_is_refused(v: int) -> None:
    with pytest.raises(WalletSignatureMalformed, match="27"):
        recover_wallet(TEXT, f"{signed()[:-2]}{v:02x}")


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "0x",
        "0x" + "00" * 65,
        signed()[2:],
        signed() + "00",
        signed()[:-2],
        signed().replace("0x", "0X"),
        signed() + "\n",
        f"0x{0:064x}{1:064x}1b",
        f"0x{1:064x}{0:064x}1b",
        f"0x{ORDER:064x}{1:064x}1b",
    ],
)
def test_another_form_is_refused(signature: str) -> None:
    with pytest.raises(WalletSignatureMalformed):
        recover_wallet(TEXT, signature)


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=140) | st.binary(min_size=65, max_size=65).map(lambda raw: f"0x{raw.hex()}"))
def test_any_signature_is_refused_or_is_anothers(signature: str) -> None:
    with suppress(WalletSignatureMalformed):
        assert recover_wallet(TEXT, signature) != ADDRESS


@pytest.mark.parametrize(
    "address",
    [  # the examples of EIP-55
        "0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed",
        "0xfB6916095ca1df60bB79Ce92cE3Ea74c37c5d359",
        "0xdbF03B407c01E7cD3CBea99509d93f8DDDC8C6FB",
        "0xD1220A0cf47c7B9Be7A2E6BA89F429762e7b9aDb",
        "0x52908400098527886E0F7030069857D2E4169EE7",
        "0x27b1fdb04752bbc536007a920d24acb045561c26",
    ],
)
def test_capitals_are_the_checksum(address: str) -> None:
    assert checksum_address(bytes.fromhex(address[2:])) == address


def test_a_start_does_not_wait_for_eth_account() -> None:
    code = (
        "import sys, guildhall.embedded.deployment, services.identity.app, guildhall.client\n"
        "print('eth_keys' in sys.modules, 'eth_account' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "True False\n"
