"""What a content is, by its bytes and not by what its sender says; images are drawn anew without metadata."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING

from chassis.files.errors import FileEmpty, FileKindNotTaken, ImageTooLarge, ImageUnreadable

if TYPE_CHECKING:
    from PIL.Image import Image

IMAGE_TYPES = {"JPEG": "image/jpeg", "PNG": "image/png", "WEBP": "image/webp"}
PDF, TEXT = "application/pdf", "text/plain"
IMAGES = tuple(IMAGE_TYPES.values())
DOCUMENTS = (*IMAGES, PDF, TEXT)
_IMAGE_BEGINNINGS = (b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF")
_TEXT_CONTROLS = frozenset(range(32)) - {9, 10, 13}
JPEG_QUALITY, WEBP_QUALITY = 85, 85


@dataclass(frozen=True, slots=True)
class ImageLimits:
    """Images with more pixels are refused unopened; a longer side is made shorter."""

    pixels_max_count: int
    side_pixels_max_count: int


@dataclass(frozen=True, slots=True)
class Content:
    """What is kept. `width` and `height` in pixels, of images alone."""

    data: bytes
    media_type: str
    width: int | None = None
    height: int | None = None


def read_content(data: bytes, taken: tuple[str, ...], limits: ImageLimits) -> Content:
    """What to keep of what was sent. An image may take seconds of a processor.

    Raises FileEmpty, FileKindNotTaken, ImageUnreadable, ImageTooLarge.
    """
    if not data:
        raise FileEmpty
    if data.startswith(_IMAGE_BEGINNINGS):
        content = _drawn_anew(data, limits)
    elif data.startswith(b"%PDF-"):
        content = Content(data, PDF)
    elif _is_text(data):
        content = Content(data, TEXT)
    else:
        raise FileKindNotTaken(taken)
    if content.media_type not in taken:
        raise FileKindNotTaken(taken)
    return content


def _is_text(data: bytes) -> bool:
    try:
        data.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return _TEXT_CONTROLS.isdisjoint(data)


def _drawn_anew(data: bytes, limits: ImageLimits) -> Content:
    from PIL import Image, ImageOps

    try:
        with Image.open(io.BytesIO(data), formats=tuple(IMAGE_TYPES)) as opened:
            kind = opened.format
            assert kind is not None
            if opened.width * opened.height > limits.pixels_max_count:
                raise ImageTooLarge(limits.pixels_max_count)
            side = limits.side_pixels_max_count
            opened.draft("RGB", (side, side))
            image = _of_web_colours(ImageOps.exif_transpose(opened))
            image.thumbnail((side, side), Image.Resampling.LANCZOS)
            return Content(_written(image, kind), IMAGE_TYPES[kind], image.width, image.height)
    except Image.DecompressionBombError:
        raise ImageTooLarge(limits.pixels_max_count) from None
    except (OSError, SyntaxError, ValueError, EOFError, MemoryError) as damaged:
        raise ImageUnreadable from damaged


def _of_web_colours(image: Image) -> Image:
    """In sRGB: what a colour profile says is drawn before the profile goes."""
    from PIL import ImageCms

    has_alpha = "A" in image.getbands() or "transparency" in image.info
    profile = image.info.get("icc_profile")
    plain = image.convert("RGBA" if has_alpha else "RGB")
    if profile:
        try:
            own, web = ImageCms.ImageCmsProfile(io.BytesIO(profile)), ImageCms.createProfile("sRGB")
            ImageCms.profileToProfile(plain, own, web, inPlace=True)
        except (ImageCms.PyCMSError, OSError):
            pass  # a damaged profile: the colours as they are
    return plain


def _written(image: Image, kind: str) -> bytes:
    out = io.BytesIO()
    options = {
        "JPEG": {"quality": JPEG_QUALITY, "optimize": True, "progressive": True},
        "PNG": {"optimize": True},
        "WEBP": {"quality": WEBP_QUALITY},
    }
    image.info.clear()
    image.save(out, kind, exif=b"", **options[kind])
    return out.getvalue()
