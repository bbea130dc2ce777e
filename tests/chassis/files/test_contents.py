"""What members send is what it is by its bytes, and images keep nothing that their camera wrote."""

import io
import struct
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import ImageCms

from chassis.errors import DomainError
from chassis.files.contents import DOCUMENTS, IMAGES, ImageLimits, read_content
from chassis.files.errors import FileEmpty, FileKindNotTaken, ImageTooLarge, ImageUnreadable
from tests.support.images import CAMERA, image, opened, photo

LIMITS = ImageLimits(pixels_max_count=1_000_000, side_pixels_max_count=64)


@pytest.mark.parametrize(
    ("kind", "media_type"), [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("WEBP", "image/webp")]
)
def test_an_image_stays_of_its_kind(kind: str, media_type: str) -> None:
    content = read_content(image(kind), IMAGES, LIMITS)
    assert (content.media_type, content.width, content.height) == (media_type, 40, 20)
    assert opened(content.data).format == kind


def test_a_photo_stands_upright_and_says_nothing_of_its_camera_or_place() -> None:
    sent = photo()
    assert CAMERA.encode() in sent
    kept = read_content(sent, IMAGES, LIMITS)
    assert CAMERA.encode() not in kept.data
    assert dict(opened(kept.data).getexif()) == {}
    assert (kept.width, kept.height) == (20, 40)
    red, _, blue = opened(kept.data).convert("RGB").getpixel((10, 4))  # type: ignore[misc]
    assert red > 200
    assert blue < 60


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_texts_and_other_chunks_are_gone(kind: str) -> None:
    from PIL.PngImagePlugin import PngInfo

    told = PngInfo()
    told.add_text("Author", CAMERA)
    is_png = kind == "PNG"
    sent = image(kind, pnginfo=told) if is_png else image(kind, xmp=f"<x>{CAMERA}</x>".encode())
    assert CAMERA.encode() in sent
    assert CAMERA.encode() not in read_content(sent, IMAGES, LIMITS).data


def test_what_was_hidden_behind_the_end_of_an_image_is_gone() -> None:
    assert b"<script>" not in read_content(image() + b"<script>alert(1)</script>", IMAGES, LIMITS).data


def test_transparency_is_kept_and_the_rest_is_made_smaller() -> None:
    content = read_content(image("PNG", (300, 100), "RGBA"), IMAGES, LIMITS)
    assert (content.width, content.height) == (64, 21)
    assert opened(content.data).mode == "RGBA"


def test_the_colours_of_a_profile_are_drawn_before_it_goes() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("LAB")).tobytes()
    for written in (profile, b"no profile"):
        kept = opened(read_content(image("PNG", icc_profile=written), IMAGES, LIMITS).data)
        assert kept.info.get("icc_profile") is None


def _bomb(side: int) -> bytes:
    """A PNG that says it has side * side dots, and has none."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("side", [1_001, 12_000, 60_000])
def test_an_image_of_too_many_pixels_is_refused_unopened(side: int) -> None:
    with pytest.raises(ImageTooLarge):
        read_content(_bomb(side), IMAGES, LIMITS)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_damaged_image_is_refused(kind: str) -> None:
    whole = image(kind, (60, 60))
    with pytest.raises(ImageUnreadable):
        read_content(whole[: len(whole) // 2], IMAGES, LIMITS)


def test_documents_are_taken_where_they_may_be() -> None:
    assert read_content(b"%PDF-1.7\nx", DOCUMENTS, LIMITS).media_type == "application/pdf"
    assert read_content("Grüße\n".encode(), DOCUMENTS, LIMITS).media_type == "text/plain"
    for document in (b"%PDF-1.7\nx", b"text"):
        with pytest.raises(FileKindNotTaken):
            read_content(document, IMAGES, LIMITS)


@pytest.mark.parametrize(
    "data",
    [
        b"GIF89a\x01\x00\x01\x00\x00\x00\x00;",
        b"PK\x03\x04\x00",
        b"\x7fELF\x02",
        b"MZ\x90\x00",
        b"\xff\xfeh\x00i\x00",
        b"a\x00b",
        b"\x1b[31m",
    ],
)
def test_what_runs_or_hides_is_not_taken(data: bytes) -> None:
    with pytest.raises(FileKindNotTaken):
        read_content(data, DOCUMENTS, LIMITS)


def test_nothing_is_no_file() -> None:
    with pytest.raises(FileEmpty):
        read_content(b"", DOCUMENTS, LIMITS)


@settings(max_examples=150, deadline=None)
@given(
    st.sampled_from([image("JPEG"), image("PNG"), image("WEBP"), photo()]),
    st.lists(st.tuples(st.integers(0, 10_000), st.integers(0, 255)), max_size=6),
    st.binary(max_size=8),
)
def test_a_damaged_image_is_read_or_refused_and_nothing_else(
    sent: bytes, changes: list[tuple[int, int]], more: bytes
) -> None:
    damaged = bytearray(sent)
    for place, value in changes:
        damaged[place % len(damaged)] = value
    try:
        content = read_content(bytes(damaged) + more, DOCUMENTS, LIMITS)
    except DomainError:
        return
    if content.media_type in IMAGES:
        opened(content.data).load()
        assert io.BytesIO(content.data).getbuffer().nbytes > 0
