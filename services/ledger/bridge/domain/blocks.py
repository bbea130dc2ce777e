"""Blocks as they are kept, and where a chain that was read parts from the chain as it is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Block:
    """A block by number and hash (0x and hex)."""

    number: int
    hash: str


def last_common(kept: Sequence[Block], present: Mapping[int, str]) -> int:
    """The number of the newest kept block that the chain still has; 0 where it has none of them.

    `present`: the chain's own hashes by number, as far as it reaches.
    """
    common = (block.number for block in kept if present.get(block.number) == block.hash)
    return max(common, default=0)


def next_range(indexed: int, finalized: int, blocks_max: int) -> tuple[int, int] | None:
    """The first and last block to read next; None where everything final was read."""
    if indexed >= finalized:
        return None
    return indexed + 1, min(finalized, indexed + blocks_max)
