"""A wallet signs what the deployment verifies."""

import pytest
from eth_account import Account
from eth_account.messages import encode_defunct

from chassis.siwe import recover_wallet
from guildhall.client import Wallet


@pytest.mark.parametrize("backend", ["CoinCurveECCBackend", "NativeECCBackend"])
def test_the_wallet_is_recovered_from_what_it_signs(backend: str, monkeypatch: pytest.MonkeyPatch) -> None:
    if backend == "CoinCurveECCBackend":
        pytest.importorskip("coincurve", reason="the accelerator is optional")
    monkeypatch.setenv("ECC_BACKEND_CLASS", f"eth_keys.backends.{backend}")
    wallet = Wallet.derived("seed", "ada")
    for number in range(5):
        assert recover_wallet(f"text {number}", wallet.sign(f"text {number}")) == wallet.address


def test_a_derived_wallet_is_the_same_again_and_no_other() -> None:
    assert Wallet.derived("seed", "ada") == Wallet.derived("seed", "ada")
    assert len({Wallet.derived(seed, name).address for seed in "ab" for name in "ab"}) == 4
    assert Wallet.create() != Wallet.create()


def test_a_wallet_does_not_print_its_key() -> None:
    wallet = Wallet.create()
    assert repr(wallet) == f"Wallet({wallet.address})"


def test_it_signs_as_the_wallets_of_people_do() -> None:
    wallet = Wallet.derived("seed", "ada")
    theirs = Account.sign_message(encode_defunct(text="a text"), wallet.private_key)
    assert wallet.sign("a text") == f"0x{bytes(theirs.signature).hex()}"
    assert Account.from_key(wallet.private_key).address == wallet.address


@pytest.mark.parametrize("key", [b"", bytes(31), bytes(32), b"\xff" * 32, bytes(33)])
def test_what_is_no_key_is_refused(key: bytes) -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        Wallet.of(key)
