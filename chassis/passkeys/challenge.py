"""What a passkey is asked: both sides compute the challenge, so that its signature names the device key."""

import hashlib

CHALLENGE_LABEL = "guildhall passkey v1"
USER_LABEL = "guildhall passkey user v1"
USER_HANDLE_BYTES = 16


def passkey_challenge(nonce: str, device_public_key: str) -> bytes:
    """32 bytes over the nonce and the device key in base64url: who signs it certifies that key."""
    return hashlib.sha256(f"{CHALLENGE_LABEL}\n{nonce}\n{device_public_key}".encode()).digest()


def passkey_user_handle(nonce: str) -> bytes:
    """The 16 bytes by which a new passkey knows its member: as random as the nonce, and kept by nobody."""
    return hashlib.sha256(f"{USER_LABEL}\n{nonce}".encode()).digest()[:USER_HANDLE_BYTES]
