"""Signatures of contract wallets: plain and wrapped ones read, everything else refused."""

import pytest
from eth_abi.abi import encode

from chassis.contract_wallets import (
    SIGNATURE_BYTES_MAX,
    ContractSignature,
    account_id,
    read_contract_signature,
)
from chassis.contract_wallets.signature import WRAPPED_SUFFIX
from chassis.siwe import WalletSignatureMalformed, recover_wallet

FACTORY = "0x71c7656ec7ab88b098defb751b7401b5f6d8976f"


def wrapped(factory: str = FACTORY, data: bytes = b"deploy", signature: bytes = b"signed") -> str:
    return f"0x{(encode(['address', 'bytes', 'bytes'], [factory, data, signature]) + WRAPPED_SUFFIX).hex()}"


def test_a_plain_signature_is_its_bytes() -> None:
    assert read_contract_signature("0x1234") == ContractSignature(b"\x12\x34")
    assert read_contract_signature("0x") == ContractSignature(b"")
    longest = "0x" + "ff" * SIGNATURE_BYTES_MAX
    assert len(read_contract_signature(longest).signature) == SIGNATURE_BYTES_MAX


def test_a_wrapped_one_names_what_deploys_its_wallet() -> None:
    assert read_contract_signature(wrapped()) == ContractSignature(b"signed", FACTORY, b"deploy")
    assert read_contract_signature(wrapped().upper().replace("0X", "0x")).factory == FACTORY


def test_without_the_suffix_at_its_end_it_is_a_plain_one() -> None:
    for text in (f"0x{'6492' * 15}", f"{wrapped()}00"):
        assert read_contract_signature(text) == ContractSignature(bytes.fromhex(text[2:]))


def test_what_is_as_long_as_a_keys_and_has_the_suffix_is_no_keys() -> None:
    with pytest.raises(WalletSignatureMalformed):
        recover_wallet("text", f"0x{'11' * 33}{'6492' * 16}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1234",
        "0x123",
        "0x12zz",
        "0x1234\n",
        "0x" + "ff" * (SIGNATURE_BYTES_MAX + 1),
        "0x" + "6492" * 16,
        "0x" + "ff" * 160 + "6492" * 16,
        "0x" + "00" * 64 + "6492" * 16,
        wrapped()[:-66] + "6492" * 16,
        wrapped(factory="0x" + "00" * 20),
        wrapped(signature=bytes.fromhex(wrapped()[2:])),
    ],
)
def test_what_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(WalletSignatureMalformed):
        read_contract_signature(text)


def test_an_account_is_named_as_caip_10_names_it() -> None:
    address = "0x71C7656EC7ab88b098defB751B7401B5f6d8976F"
    assert account_id(8_453, address) == "eip155:8453:0x71c7656ec7ab88b098defb751b7401b5f6d8976f"
