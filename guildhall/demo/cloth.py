"""Photos of the story: woven cloth, drawn as a PNG (W3C, third edition) by the standard library alone."""

import struct
import zlib
from random import Random

WIDTH, HEIGHT, THREAD = 240, 160, 8
_SIGNATURE = b"\x89PNG\r\n\x1a\n"


def cloth(stream: Random) -> bytes:
    """A cloth of two or three colours; the same stream weaves the same."""
    colours = [bytes(stream.randrange(40, 230) for _ in range(3)) for _ in range(stream.randint(2, 3))]
    warp = [stream.choice(colours) for _ in range(WIDTH // THREAD)]
    weft = [stream.choice(colours) for _ in range(HEIGHT // THREAD)]
    rows = bytearray()
    for y in range(HEIGHT):
        down = y // THREAD
        threads = (warp[across] if (across + down) % 2 else weft[down] for across in range(len(warp)))
        rows += b"\x00" + b"".join(thread * THREAD for thread in threads)
    head = struct.pack(">IIBBBBB", WIDTH, HEIGHT, 8, 2, 0, 0, 0)
    parts = ((b"IHDR", head), (b"IDAT", zlib.compress(bytes(rows))), (b"IEND", b""))
    return _SIGNATURE + b"".join(_chunk(name, data) for name, data in parts)


def _chunk(name: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
