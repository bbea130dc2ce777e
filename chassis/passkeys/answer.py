"""What a verified answer of a passkey says of it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PasskeyAnswer:
    """`public_key` is COSE; `backed_up`: the passkey is kept on more than one device."""

    public_key: bytes
    sign_count: int
    backed_up: bool
