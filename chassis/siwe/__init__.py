"""Sign-In with Ethereum (EIP-4361): messages read strictly and written, wallets recovered."""

from chassis.siwe.checks import (
    SIGN_IN_PURPOSE,
    SignInLimits,
    certified_key,
    check_fresh,
    check_origin,
    check_purpose,
    check_valid_at,
    device_resource,
)
from chassis.siwe.errors import (
    SignInRefused,
    SiweFieldWrong,
    SiweMalformed,
    SiweTimeWrong,
    WalletSignatureMalformed,
    WalletSignatureWrong,
)
from chassis.siwe.grammar import checksum_address, is_checksum_address
from chassis.siwe.message import SiweMessage, parse_siwe_message
from chassis.siwe.recovery import recover_wallet

__all__ = [
    "SIGN_IN_PURPOSE",
    "SignInLimits",
    "SignInRefused",
    "SiweFieldWrong",
    "SiweMalformed",
    "SiweMessage",
    "SiweTimeWrong",
    "WalletSignatureMalformed",
    "WalletSignatureWrong",
    "certified_key",
    "check_fresh",
    "check_origin",
    "check_purpose",
    "check_valid_at",
    "checksum_address",
    "device_resource",
    "is_checksum_address",
    "parse_siwe_message",
    "recover_wallet",
]
