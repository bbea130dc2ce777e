"""The key by which the bridge's operator signs: made once for each data folder, read by us alone."""

import os
import secrets
from pathlib import Path

from guildhall.refusals import StartRefused

OPERATOR_KEY = "bridge-operator.key"
"""Its file among the secrets of a deployment."""
_KEY_BYTES = 32


def operator_key(file: Path) -> str:
    """The operator's address; the key is made where there is none. Raises StartRefused."""
    from eth_keys.datatypes import PrivateKey
    from eth_utils.exceptions import ValidationError

    try:
        if not file.exists():
            _make(file)
        return PrivateKey(bytes.fromhex(file.read_text().strip())).public_key.to_checksum_address()
    except (OSError, ValueError, ValidationError):
        raise StartRefused(f"{file} holds no key that can be read: restore it") from None


def _make(file: Path) -> None:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    beside = file.with_suffix(".new")
    descriptor = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as out:
        out.write(secrets.token_hex(_KEY_BYTES))
        out.flush()
        os.fsync(out.fileno())
    beside.rename(file)
