"""Images as cameras and screens make them."""

import io
from typing import Any

from PIL import Image

ORIENTATION, MAKE, GPS = 0x0112, 0x010F, 0x8825
ROTATED_RIGHT = 6
CAMERA = "Camera of a member"


def image(kind: str = "PNG", size: tuple[int, int] = (40, 20), mode: str = "RGB", **options: Any) -> bytes:
    """Left half red, right half blue."""
    made = Image.new(mode, size, "blue")
    made.paste("red", (0, 0, size[0] // 2, size[1]))
    out = io.BytesIO()
    made.save(out, kind, **options)
    return out.getvalue()


def photo(size: tuple[int, int] = (40, 20)) -> bytes:
    """A JPEG that says where it was taken, by what, and that it lies on its side."""
    exif = Image.Exif()
    exif[MAKE], exif[ORIENTATION] = CAMERA, ROTATED_RIGHT
    exif[GPS] = {1: "N", 2: (52.0, 31.0, 12.0)}
    return image("JPEG", size, exif=exif.tobytes(), quality=95)


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))
