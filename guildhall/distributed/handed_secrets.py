"""`guildhall secrets`: makes the passwords and keys of a deployment once, and hands each process its own.

The operator's folder holds them all. What each process gets is a folder with nothing of the others:
its key, the public keys of all, the addresses of its database and of the bus with their passwords.
"""

from __future__ import annotations

import base64
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote

from guildhall.devnet.operator_key import OPERATOR_KEY, operator_key
from guildhall.distributed.broker import broker_files
from guildhall.embedded.opened import (
    DATABASE_URL_FILE,
    KAFKA_EXTERNAL_FILE,
    KAFKA_URL_FILE,
    PASSWORDS_FILE,
)
from guildhall.kafka.properties import OPERATOR
from guildhall.keys import GATEWAY, keep_keys, member_token_keys
from guildhall.postgres.launcher import SUPERUSER
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import SERVICES, DatabaseRoles
from guildhall.publisher import PUBLISHER
from guildhall.refusals import StartRefused
from guildhall.whole_file import write_whole

POSTGRES, KAFKA = "postgres", "kafka"
_OTHER_IMAGES = (POSTGRES, KAFKA)
"""Their users have other numbers than ours, and read what is in a volume that only they are given."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where the parts of a deployment listen, `host:port` each."""

    database: str
    kafka: str
    kafka_controller: str
    kafka_external: str
    kafka_advertised: str
    """Where integrators reach the external listener."""


def hand_out(data: Path, into: Path, places: Places) -> list[Path]:
    """Writes what is missing or has changed; repeating it changes nothing. Returns the folders."""
    try:
        return _hand_out(data, into, places)
    except OSError as error:
        raise StartRefused(f"secrets cannot be written: {error}") from None


def _hand_out(data: Path, into: Path, places: Places) -> list[Path]:
    passwords = Passwords(data / PASSWORDS_FILE)
    keys = (data / PASSWORDS_FILE).parent
    keys.mkdir(mode=0o700, parents=True, exist_ok=True)
    public_keys = keep_keys(keys).read_bytes()
    folders: dict[str, Mapping[str, bytes]] = {
        service: _of_service(service, places, passwords, keys) | {"service-keys.json": public_keys}
        for service in SERVICES
    }
    folders[GATEWAY] = {
        "service.pem": (keys / f"{GATEWAY}.pem").read_bytes(),
        "service-keys.json": public_keys,
        "bus-url": _bus_url(GATEWAY, places.kafka, passwords),
    }
    folders[PUBLISHER] = {"bus-url": _bus_url(PUBLISHER, places.kafka, passwords)}
    folders[POSTGRES] = {"password": passwords.of(SUPERUSER).encode()}
    operator_password = passwords.of(OPERATOR)
    folders[KAFKA] = broker_files(
        places.kafka,
        places.kafka_controller,
        places.kafka_external,
        operator_password,
        _cluster_id(keys),
        places.kafka_advertised,
    )
    superuser = f"postgresql://{SUPERUSER}:{quote(passwords.of(SUPERUSER), safe='')}"
    write_whole(data / DATABASE_URL_FILE, f"{superuser}@{places.database}/postgres".encode())
    write_whole(data / KAFKA_URL_FILE, _bus_url(OPERATOR, places.kafka, passwords))
    write_whole(data / KAFKA_EXTERNAL_FILE, places.kafka_advertised.encode())
    into.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, files in folders.items():
        folder = into / name
        folder.mkdir(mode=0o755, exist_ok=True)
        for file, content in files.items():
            write_whole(folder / file, content, 0o444 if name in _OTHER_IMAGES else 0o400)
    return [into / name for name in folders]


def _of_service(service: str, places: Places, passwords: Passwords, keys: Path) -> dict[str, bytes]:
    roles = DatabaseRoles.of(service)

    def database_url(role: str) -> bytes:
        password = quote(passwords.of(role), safe="")
        return f"postgresql://{role}:{password}@{places.database}/{roles.database}".encode()

    files = {
        "service.pem": (keys / f"{service}.pem").read_bytes(),
        "database-url": database_url(roles.runner),
        "owner-database-url": database_url(roles.owner),
        "bus-url": _bus_url(service, places.kafka, passwords),
    }
    if service == "ledger":
        operator_key(keys / OPERATOR_KEY)
        files[OPERATOR_KEY] = (keys / OPERATOR_KEY).read_bytes()
    if service == "identity":
        files |= member_token_keys(keys)
    return files


def _bus_url(user: str, kafka: str, passwords: Passwords) -> bytes:
    password = quote(passwords.of(user), safe="")
    return f"kafka://{user}:{password}@{kafka}?security=sasl_plaintext".encode()


def _cluster_id(keys: Path) -> str:
    """What the brokers of one cluster know each other by; drawn once."""
    file = keys / "kafka-cluster-id"
    if not file.exists():
        write_whole(file, base64.urlsafe_b64encode(secrets.token_bytes(16)).rstrip(b"="))
    return file.read_text()
