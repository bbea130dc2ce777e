"""Where a fork begins, and which blocks are read next."""

import pytest

from services.ledger.bridge.domain.blocks import Block, last_common, next_range

KEPT = [Block(3, "0x3"), Block(5, "0x5"), Block(9, "0x9")]


@pytest.mark.parametrize(
    ("present", "common"),
    [
        ({3: "0x3", 5: "0x5", 9: "0x9"}, 9),
        ({3: "0x3", 5: "0x5", 9: "0xother"}, 5),
        ({3: "0x3", 5: "0xother"}, 3),
        ({3: "0xother", 5: "0xother"}, 0),
        ({}, 0),
    ],
)
def test_the_last_block_in_common(present: dict[int, str], common: int) -> None:
    assert last_common(KEPT, present) == common


@pytest.mark.parametrize(
    ("indexed", "finalized", "most", "expected"),
    [(0, 0, 10, None), (5, 5, 10, None), (6, 5, 10, None), (4, 5, 10, (5, 5)), (0, 25, 10, (1, 10))],
)
def test_the_next_blocks(indexed: int, finalized: int, most: int, expected: tuple[int, int] | None) -> None:
    assert next_range(indexed, finalized, most) == expected
