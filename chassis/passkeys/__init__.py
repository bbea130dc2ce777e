"""Passkeys (WebAuthn level 3): where they can be used, what they sign, and the device keys they certify."""

from chassis.passkeys.base64url import read_base64url, write_base64url
from chassis.passkeys.certificate import PASSKEY, PasskeyCertificate, PasskeyDevice
from chassis.passkeys.challenge import passkey_challenge, passkey_user_handle
from chassis.passkeys.errors import PasskeyMalformed, PasskeySignatureWrong, PasskeyWrong
from chassis.passkeys.relying_party import RelyingParty, relying_party, why_no_passkey

__all__ = [
    "PASSKEY",
    "PasskeyCertificate",
    "PasskeyDevice",
    "PasskeyMalformed",
    "PasskeySignatureWrong",
    "PasskeyWrong",
    "RelyingParty",
    "passkey_challenge",
    "passkey_user_handle",
    "read_base64url",
    "relying_party",
    "why_no_passkey",
    "write_base64url",
]
