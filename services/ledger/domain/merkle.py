"""Merkle trees of RFC 9162 (section 2.1): a root over leaves, and the path from one of them to it."""

import hashlib
from collections.abc import Sequence

NODE = b"\x01"
"""Before the two hashes of a node; a leaf is hashed behind a zero, so that none passes for the other."""


def merkle_root(leaves: Sequence[bytes]) -> bytes:
    """The root over at least one leaf hash."""
    level = leaves
    while len(level) > 1:
        level = _above(level)
    return level[0]


def merkle_path(leaves: Sequence[bytes], index: int) -> list[bytes]:
    """The hashes beside the way from the leaf at `index` up to the root, the lowest first."""
    path: list[bytes] = []
    level = leaves
    while len(level) > 1:
        beside = index ^ 1
        if beside < len(level):
            path.append(level[beside])
        level, index = _above(level), index // 2
    return path


def _above(level: Sequence[bytes]) -> list[bytes]:
    """A last one without a neighbour goes up as it is."""
    sha256 = hashlib.sha256
    above = [
        sha256(NODE + left + right).digest() for left, right in zip(level[::2], level[1::2], strict=False)
    ]
    if len(level) % 2:
        above.append(level[-1])
    return above
