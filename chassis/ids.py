"""Ids are made here, in Python: time-ordered (UUIDv7, RFC 9562) or derived from what they name."""

import secrets
from datetime import UTC, datetime
from uuid import UUID, uuid5

import uuid_utils

from chassis.clock import Clock

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class IdSource:
    """Makes UUIDv7 whose time is that of the deployment's clock."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock

    def new(self) -> UUID:
        since_epoch = self._clock.now() - EPOCH
        whole_seconds = since_epoch.days * 86_400 + since_epoch.seconds
        made = uuid_utils.uuid7(nanoseconds=(whole_seconds * 1_000_000 + since_epoch.microseconds) * 1_000)
        return UUID(int=made.int)


def derived_id(namespace: UUID, *parts: str) -> UUID:
    """The same id for the same parts, whoever derives it and how often (UUIDv5, RFC 9562).

    Parts are length-prefixed, so that no two lists of parts have the same name.
    """
    return uuid5(namespace, "".join(f"{len(part)}:{part}" for part in parts))


def random_bytes(count: int) -> bytes:
    """Bytes that nobody can guess, from the operating system; passed in where secrets are made."""
    return secrets.token_bytes(count)


def random_chance() -> float:
    """In [0, 1), to spread what would otherwise happen at once."""
    return int.from_bytes(random_bytes(4)) / 2**32
