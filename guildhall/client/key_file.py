"""A key file: a wallet and a device key for the terminal, readable by its owner alone."""

import json
import os
import stat
from base64 import b64decode, b64encode
from dataclasses import dataclass
from pathlib import Path

from guildhall.client.device_key import DeviceKey
from guildhall.client.wallet import Wallet

KIND = "guildhall client key"


class KeyFileUnusable(Exception):
    """The message names the file and says what to do."""


@dataclass(frozen=True, slots=True)
class KeyFile:
    """The two keys, and where they are kept."""

    path: Path
    wallet: Wallet
    device: DeviceKey

    @classmethod
    def create(cls, path: Path) -> "KeyFile":
        """Make both keys and write them; a file that exists is never written over. Raises KeyFileUnusable."""
        wallet_key, device_key = os.urandom(32), os.urandom(32)
        content = {
            "kind": KIND,
            "wallet": f"0x{wallet_key.hex()}",
            "device": b64encode(device_key).decode(),
        }
        write_private(path, json.dumps(content, indent=2) + "\n")
        return cls(path, Wallet.of(wallet_key), DeviceKey.of(device_key))

    @classmethod
    def load(cls, path: Path) -> "KeyFile":
        """Read a key file. Raises KeyFileUnusable."""
        try:
            mode = path.stat().st_mode
            content = json.loads(path.read_text())
        except FileNotFoundError:
            raise KeyFileUnusable(f"{path} does not exist: guildhall client --new {path} makes it") from None
        except (OSError, ValueError) as error:
            raise KeyFileUnusable(f"{path} cannot be read as a key file: {error}") from error
        if os.name == "posix" and stat.S_IMODE(mode) & 0o077:
            raise KeyFileUnusable(f"{path} can be read by others: chmod 600 {path}")
        try:
            if content["kind"] != KIND:
                raise KeyError(KIND)
            wallet = Wallet.of(bytes.fromhex(content["wallet"].removeprefix("0x")))
            device = DeviceKey.of(b64decode(content["device"], validate=True))
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise KeyFileUnusable(f"{path} is no key file of guildhall client") from error
        return cls(path, wallet, device)


def write_private(path: Path, text: str) -> None:
    """Write a new file that only its owner reads. Raises KeyFileUnusable."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise KeyFileUnusable(f"{path} exists already and is not written over") from None
    except OSError as error:
        raise KeyFileUnusable(f"{path} cannot be written: {error}") from error
    with os.fdopen(handle, "w") as file:
        file.write(text)
