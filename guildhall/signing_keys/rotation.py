"""A next key: published now, signing later. One file is written, whole: a kill leaves the old or new one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from chassis.auth.key_ring import LaterKey, read_ring, ring_file, write_ring
from chassis.auth.keys import KeyFileWrong, SigningKey, load_signing_key
from guildhall.keys import MEMBER_TOKENS_KEY, member_token_keys
from guildhall.refusals import StartRefused
from guildhall.whole_file import write_whole

LATER_MAX = 32
FORGOTTEN_AFTER = timedelta(days=7)
"""A key that has signed nothing for so long is dropped from the file; no token lives that long."""
HANDED_MODE = 0o400


@dataclass(frozen=True, slots=True)
class Rotation:
    """The keys by now; `is_new`: whether one was made, or one that waits was found."""

    first: SigningKey
    later: tuple[LaterKey, ...]
    is_new: bool


def read_keys(folder: Path) -> Rotation:
    """The keys of a folder of secrets. Raises StartRefused."""
    file = folder / MEMBER_TOKENS_KEY
    try:
        first = load_signing_key(file)
        ring = ring_file(file)
        return Rotation(first, read_ring(ring.read_bytes()) if ring.exists() else (), is_new=False)
    except (KeyFileWrong, OSError) as error:
        raise StartRefused(str(error)) from None


def rotate(folder: Path, now: datetime, ahead: timedelta, *, at_once: bool) -> Rotation:
    """Add a key that signs after `ahead`, or now and alone. While one waits for its time, a repeat adds none.

    Raises StartRefused.
    """
    known = read_keys(folder)
    waiting = [one for one in known.later if one.signs_from > now]
    if waiting and not at_once:
        return known
    begun = [one for one in known.later if one.signs_from <= now]
    # What waits was in the same file as what is in wrong hands.
    kept = [one for number, one in enumerate(begun) if not _is_forgotten(begun[number + 1 :], now)]
    if len(kept) >= LATER_MAX:
        raise StartRefused(
            f"{len(kept)} keys were added within {FORGOTTEN_AFTER.days} days: wait before adding another"
        )
    added = LaterKey(
        SigningKey.of(Ed25519PrivateKey.generate()), now if at_once else now + ahead, at_once=at_once
    )
    later = (*kept, added)
    try:
        write_whole(ring_file(folder / MEMBER_TOKENS_KEY), write_ring(later))
    except OSError as error:
        raise StartRefused(f"the key cannot be written: {error}") from None
    return Rotation(known.first, later, is_new=True)


def hand_to(folder: Path, into: Path) -> None:
    """Give identity's own folder of secrets what the operator's has. Raises StartRefused."""
    if not (into / MEMBER_TOKENS_KEY).exists():
        raise StartRefused(f"{into} is not the folder of secrets that identity was given")
    try:
        for name, content in member_token_keys(folder).items():
            write_whole(into / name, content, HANDED_MODE)
    except OSError as error:
        raise StartRefused(f"identity cannot be given the key: {error}") from None


def _is_forgotten(after: list[LaterKey], now: datetime) -> bool:
    return bool(after) and after[0].signs_from + FORGOTTEN_AFTER <= now
