"""The keys that sign members' tokens, as their files say now: an added one counts without a restart."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Self

import structlog

from chassis.auth.key_ring import KeyRing, read_ring, ring_file
from chassis.auth.keys import (
    KeyFileWrong,
    SigningKey,
    VerifyingKey,
    create_signing_key,
    load_signing_key,
    read_jwk_set,
)
from chassis.clock import Clock

if TYPE_CHECKING:
    from chassis.service import Chassis
    from services.identity.settings import IdentitySettings

logger = structlog.get_logger(__name__)

CLOCKS_DIFFER_SECONDS = 60
"""A token is taken for so long after the last one of its key has run out."""
DEFAULT_NAME = "identity-tokens.pem"


class SigningKeys:
    """Issues and verifies by one ring; `look` reads it anew."""

    def __init__(
        self, file: Path, first: SigningKey, overlap: timedelta, look_seconds: float, clock: Clock
    ) -> None:
        self._file = file
        self._look_seconds = look_seconds
        self._clock = clock
        self._content = b""
        self._ring = KeyRing(first, (), overlap)
        self._verifying = read_jwk_set({"keys": [first.jwk()]})
        self._unreadable: str | None = None

    @classmethod
    def load(cls, settings: IdentitySettings, clock: Clock) -> Self:
        """The first key is made where it is missing. Raises KeyFileWrong."""
        file = settings.signing_key_file or settings.service_key_file.with_name(DEFAULT_NAME)
        try:
            first = create_signing_key(file)
        except FileExistsError:
            first = load_signing_key(file)
        overlap = timedelta(seconds=settings.access_token_seconds + CLOCKS_DIFFER_SECONDS)
        made = cls(ring_file(file), first, overlap, settings.signing_keys_look_seconds, clock)
        made._take(made._read())
        return made

    @property
    def first(self) -> SigningKey:
        """Whose secret others derive from: it stays, whichever signs."""
        return self._ring.first

    def signing(self) -> SigningKey:
        return self._ring.signing(self._clock.now())

    def published(self) -> Sequence[SigningKey]:
        return self._ring.published(self._clock.now())

    async def key(self, key_id: str) -> VerifyingKey | None:
        """By which a token may be signed now."""
        if not any(key.key_id == key_id for key in self.published()):
            return None
        return self._verifying[key_id]

    async def look(self) -> None:
        """Read the file anew. One that cannot be read changes nothing, and is said by `warnings`."""
        try:
            self._take(await asyncio.to_thread(self._read))
        except KeyFileWrong as error:
            if self._unreadable is None:
                logger.error("the signing keys cannot be read", reason=str(error))
            self._unreadable = str(error)
        else:
            self._unreadable = None

    async def follow(self, _: Chassis) -> None:
        """Look again and again."""
        while True:
            await self.look()
            await asyncio.sleep(self._look_seconds)

    def warnings(self) -> list[str]:
        return [] if self._unreadable is None else [f"the signing keys cannot be read: {self._unreadable}"]

    def _read(self) -> bytes:
        try:
            return self._file.read_bytes()
        except FileNotFoundError:
            return b""
        except OSError as error:
            raise KeyFileWrong(f"{self._file}: {error}") from error

    def _take(self, content: bytes) -> None:
        if content == self._content:
            return
        if not content:
            raise KeyFileWrong(f"{self._file} is gone or empty")
        try:
            later = read_ring(content)
        except KeyFileWrong as error:
            raise KeyFileWrong(f"{self._file}: {error}") from error
        self._ring = KeyRing(self._ring.first, later, self._ring.overlap)
        keys = (self._ring.first, *(one.key for one in later))
        self._verifying = read_jwk_set({"keys": [key.jwk() for key in keys]})
        self._content = content
        logger.info("signing keys", later=[(one.key.key_id, one.signs_from.isoformat()) for one in later])
