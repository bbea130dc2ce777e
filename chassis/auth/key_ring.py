"""The keys that sign members' tokens, one after the other: each is published before it signs, and after.

The first is a file of its own, from which a deployment also derives other secrets: it stays when it signs
no more. The later ones are in one file beside it, each with the moment from which it signs, so that whoever
reads the file knows by the clock alone which signs and which are taken: no process has to tell another.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import orjson

from chassis.auth.keys import KEYS_MAX, KeyFileWrong, SigningKey, read_signing_key

FORMAT = 1


@dataclass(frozen=True, slots=True)
class LaterKey:
    """`at_once`: what signed before is taken no more from then on, for it is in wrong hands."""

    key: SigningKey
    signs_from: datetime
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class KeyRing:
    """`overlap`: how long a key is taken after its successor signs: the life of a token, and some."""

    first: SigningKey
    later: tuple[LaterKey, ...]
    overlap: timedelta

    def signing(self, now: datetime) -> SigningKey:
        """The newest of those whose time has come."""
        return next((one.key for one in reversed(self.later) if one.signs_from <= now), self.first)

    def published(self, now: datetime) -> Sequence[SigningKey]:
        """What a token may be signed by: the one that signs, those that will, those that just did."""
        keys = (self.first, *(one.key for one in self.later))
        return [key for number, key in enumerate(keys) if not self._is_withdrawn(number, now)]

    def _is_withdrawn(self, number: int, now: datetime) -> bool:
        after = self.later[number:]
        return any(one.signs_from <= now for one in after if one.at_once) or (
            bool(after) and after[0].signs_from + self.overlap <= now
        )


def ring_file(first_key_file: Path) -> Path:
    """Where the later keys are."""
    return first_key_file.with_suffix(".ring")


def read_ring(content: bytes) -> tuple[LaterKey, ...]:
    """The later keys, in the order in which they sign. Raises KeyFileWrong."""
    try:
        told: Any = orjson.loads(content)
        if told["format"] != FORMAT:
            raise KeyFileWrong(f"the keys are of the format {told['format']}: use a newer release")
        keys = [_read(one) for one in told["keys"]]
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise KeyFileWrong(f"this is no file of signing keys: {error!r}") from error
    if len(keys) >= KEYS_MAX:
        raise KeyFileWrong(f"these are not fewer than {KEYS_MAX} keys")
    return tuple(sorted(keys, key=lambda one: one.signs_from))


def write_ring(keys: Sequence[LaterKey]) -> bytes:
    """What `read_ring` reads."""
    told = [
        {
            "key_id": one.key.key_id,
            "signs_from": one.signs_from.isoformat(),
            "at_once": one.at_once,
            "private_key": one.key.pem().decode(),
        }
        for one in keys
    ]
    return orjson.dumps({"format": FORMAT, "keys": told}, option=orjson.OPT_INDENT_2)


def _read(one: Any) -> LaterKey:
    signs_from = datetime.fromisoformat(one["signs_from"])
    if signs_from.tzinfo is None:
        raise ValueError("a time without its zone")
    return LaterKey(read_signing_key(one["private_key"].encode()), signs_from, one["at_once"] is True)
