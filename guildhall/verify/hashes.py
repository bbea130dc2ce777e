"""The journal's hashes, written a second time from their description (`docs/journal.md`)."""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

GENESIS_HASH = bytes(32).hex()
_EPOCH = datetime.fromisoformat("1970-01-01T00:00:00+00:00")


def moment_of(entry: Mapping[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["time"])


def entry_hash(entry: Mapping[str, Any]) -> str:
    """SHA-256 over the entry's line, in hex. Format 1 has no supply."""
    time = (moment_of(entry) - _EPOCH) // timedelta(microseconds=1)
    supply = "" if entry["format"] == 1 else f" {entry['supply']}"
    line = (
        f"guildhall-journal {entry['format']} {entry['union_id']} {entry['number']} {time} {entry['count']} "
        f"{entry['digest']}{supply} {entry['previous_hash']}\n"
    )
    return hashlib.sha256(line.encode()).hexdigest()


def leaf_of(row: Mapping[str, Any]) -> str:
    """The row's leaf, format 2, in hex; of its memo the commitment that the row names."""
    commitment = bytes(32) if row["memo_commitment"] is None else bytes.fromhex(row["memo_commitment"])
    packed = (
        _sides(row)
        + struct.pack(">qhh", int(row["minor"]), row["code"], row["flags"])
        + struct.pack(">i", row["timeout_seconds"] or 0)
        + _id(row["pending_id"])
        + _id(row["mandate_id"])
        + commitment
    )
    return hashlib.sha256(b"\x00" + bytes.fromhex(row["salt"]) + packed).hexdigest()


def commitment_of(memo: str, salt: str) -> str:
    """SHA-256(salt || memo), in hex."""
    return hashlib.sha256(bytes.fromhex(salt) + memo.encode()).hexdigest()


def digest_of_format_1(rows: Sequence[Mapping[str, Any]]) -> str:
    """SHA-256 over the packed rows, in order, in hex."""
    digest = hashlib.sha256()
    for row in rows:
        digest.update(_sides(row) + struct.pack(">qh", int(row["minor"]), row["code"]))
    return digest.hexdigest()


def root_of(leaves: Sequence[str]) -> str:
    """The Merkle root over at least one leaf: RFC 9162, section 2.1.1, as it is written there."""
    return _root([bytes.fromhex(leaf) for leaf in leaves]).hex()


def root_by_path(leaf: str, index: int, count: int, path: Sequence[str]) -> str | None:
    """The root to which the path leads from the leaf: RFC 9162, section 2.1.3.2.

    None for a path that does not fit a tree of so many leaves.
    """
    if not 0 <= index < count:
        return None
    place, last, reached = index, count - 1, bytes.fromhex(leaf)
    for beside in path:
        if last == 0:
            return None
        if place % 2 or place == last:
            reached = _node(bytes.fromhex(beside), reached)
            while place % 2 == 0 and place:
                place, last = place >> 1, last >> 1
        else:
            reached = _node(reached, bytes.fromhex(beside))
        place, last = place >> 1, last >> 1
    return reached.hex() if last == 0 else None


def _root(leaves: Sequence[bytes]) -> bytes:
    if len(leaves) == 1:
        return leaves[0]
    split = 1 << (len(leaves) - 1).bit_length() - 1
    return _node(_root(leaves[:split]), _root(leaves[split:]))


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def _sides(row: Mapping[str, Any]) -> bytes:
    symbol = row["asset"].encode()
    names = ("id", "principal_id", "debit_account", "credit_account")
    ids = b"".join(UUID(row[name]).bytes for name in names)
    return struct.pack(">q", row["sequence"]) + ids + bytes((len(symbol),)) + symbol


def _id(value: str | None) -> bytes:
    return bytes(16) if value is None else UUID(value).bytes
