"""CBOR as passkeys write it (CTAP2 canonical form, of RFC 8949): numbers, bytes, text, lists and maps."""

from __future__ import annotations

from typing import Any

DEPTH_MAX = 8
_LENGTHS = {24: 1, 25: 2, 26: 4, 27: 8}


def read_cbor(content: bytes) -> tuple[Any, bytes]:
    """The first value, and what follows it. Raises ValueError."""
    value, end = _value(content, 0, 0)
    return value, content[end:]


def _value(content: bytes, at: int, depth: int) -> tuple[Any, int]:
    if depth > DEPTH_MAX or at >= len(content):
        raise ValueError("CBOR that ends early, or is too deep")
    kind, short = content[at] >> 5, content[at] & 0x1F
    number, at = short, at + 1
    if short > 23:
        if short not in _LENGTHS:
            raise ValueError("CBOR of another form")
        taken = _taken(content, at, _LENGTHS[short])
        number, at = int.from_bytes(taken), at + len(taken)
    match kind:
        case 0:
            return number, at
        case 1:
            return -1 - number, at
        case 2 | 3:
            taken = _taken(content, at, number)
            return taken if kind == 2 else taken.decode(), at + number
        case 4:
            return _items(content, at, number, depth)
        case 5:
            items, at = _items(content, at, number * 2, depth)
            return dict(zip(items[::2], items[1::2], strict=True)), at
        case _:
            raise ValueError("CBOR of another form")


def _items(content: bytes, at: int, count: int, depth: int) -> tuple[list[Any], int]:
    if count > len(content):
        raise ValueError("CBOR that ends early")
    items: list[Any] = []
    for _ in range(count):
        item, at = _value(content, at, depth + 1)
        items.append(item)
    return items, at


def _taken(content: bytes, at: int, count: int) -> bytes:
    taken = content[at : at + count]
    if len(taken) != count:
        raise ValueError("CBOR that ends early")
    return taken
