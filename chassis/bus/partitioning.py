"""Which partition a key's events are in: the same in every transport, and for ever."""

from __future__ import annotations

from zlib import crc32


def partition_of(key: str, partitions_count: int) -> int:
    """The partition of all events of a key; it never changes."""
    return crc32(key.encode()) % partitions_count
