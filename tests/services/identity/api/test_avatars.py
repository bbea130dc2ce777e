"""Pictures of members: taken, drawn anew, shown by a link, and gone when they are taken away."""

import io
import struct
import zlib
from hashlib import sha256
from typing import Any

import httpx
import pytest
from PIL import Image

from chassis.files.contents import IMAGES
from chassis.files.errors import FileTooLarge
from tests.services.identity.house import IdentityHouse, Member


def picture(colour: str, side: int = 40, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (side, side), colour).save(out, kind, **more)
    return out.getvalue()


async def show(member: Member, content: bytes, digest: str | None = None) -> httpx.Response:
    async with member.house.http() as http:
        return await http.put(
            f"/v1/me/avatar/{digest or sha256(content).hexdigest()}",
            content=content,
            headers={"authorization": f"Bearer {member.token}", "content-type": "application/octet-stream"},
        )


async def seen(reader: Member, member: Member) -> dict[str, str] | None:
    return (await reader.ask("GET", f"/v1/members/{member.id}")).json()["avatar"]


async def opened(house: IdentityHouse, link: str) -> httpx.Response:
    async with house.http() as http:
        return await http.get(link)


@pytest.fixture
async def member(house: IdentityHouse) -> Member:
    return await house.member()


async def test_a_picture_is_drawn_anew_and_seen_without_a_token(house: IdentityHouse, member: Member) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    content = picture("red", 2_000, exif=exif)
    etag = (await member.ask("GET", "/v1/me")).headers["etag"]
    shown = await show(member, content)
    assert shown.status_code == 201, shown.text
    assert shown.headers["etag"] != etag
    avatar = await seen(await house.member(), member)
    assert avatar is not None and avatar == shown.json()
    answer = await opened(house, avatar["link"])
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/jpeg")
    assert answer.headers["content-security-policy"].startswith("sandbox")
    kept = Image.open(io.BytesIO(answer.content))
    assert kept.size == (512, 512) and not kept.getexif()
    assert b"taken at home" not in answer.content
    assert (await show(member, content)).status_code == 200, "a repeat changes nothing"


async def test_the_picture_before_is_let_go(house: IdentityHouse, member: Member) -> None:
    first = (await show(member, picture("red"))).json()
    second = (await show(member, picture("blue"))).json()
    gone = await opened(house, first["link"])
    assert (gone.status_code, gone.json()["type"]) == (404, "/problems/file-not-found")
    assert (await opened(house, second["link"])).status_code == 200
    [row] = await house.rows("SELECT count(*) AS files FROM files WHERE owner_id = $1", member.id)
    assert row["files"] == 1
    assert (await member.ask("DELETE", "/v1/me/avatar")).status_code == 204
    assert (await member.ask("DELETE", "/v1/me/avatar")).status_code == 204
    assert (await opened(house, second["link"])).status_code == 404
    assert (await member.ask("GET", "/v1/me")).json()["avatar"] is None
    assert await house.rows("SELECT FROM files WHERE owner_id = $1", member.id) == []


async def test_a_link_is_for_one_picture_of_one_member(house: IdentityHouse, member: Member) -> None:
    content = picture("green")
    other = await house.member()
    await show(other, content)
    link = (await show(member, content)).json()["link"]
    for wrong in (link.replace(str(member.id), str(other.id)), link[:-1] + ("A" if link[-1] != "A" else "B")):
        refused = await opened(house, wrong)
        assert (refused.status_code, refused.json()["type"]) == (403, "/problems/link-not-valid")


async def test_a_picture_is_for_whom_its_member_said(house: IdentityHouse, member: Member) -> None:
    stranger = await house.member()
    await show(member, picture("red"))
    assert await seen(stranger, member) is not None
    for circle in ("unions", "nobody"):
        hidden = await member.ask("PATCH", "/v1/me", {"privacy": {"avatar": circle}}, **{"if-match": "*"})
        assert hidden.json()["avatar"] is not None
        assert await seen(stranger, member) is None


def bomb(side: int) -> bytes:
    """A PNG of a few bytes that says it is `side` pixels wide and high."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", side, side, 8, 2, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("content", "status", "problem"),
    [
        (bomb(30_000), 413, "image-too-large"),
        (bomb(2**31 - 1), 413, "image-too-large"),
        (b"\x89PNG\r\n\x1a\n" + b"\0" * 40, 422, "image-unreadable"),
        (picture("red")[:300], 422, "image-unreadable"),
        (b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>", 415, "file-kind-not-taken"),
        (b"%PDF-1.7 text", 415, "file-kind-not-taken"),
        (b"GIF89a" + b"\xff" * 40, 415, "file-kind-not-taken"),
        (b"", 422, "file-empty"),
        (b"\xff" * 5_000_000, 413, "body-too-large"),
    ],
)
async def test_what_is_no_harmless_picture_is_refused(
    house: IdentityHouse, member: Member, content: bytes, status: int, problem: str
) -> None:
    refused = await show(member, content)
    assert (refused.status_code, refused.json()["type"]) == (status, f"/problems/{problem}")
    assert (await member.ask("GET", "/v1/me")).json()["avatar"] is None


async def test_a_damaged_transfer_is_refused(member: Member) -> None:
    refused = await show(member, picture("red"), digest="0" * 64)
    assert (refused.status_code, refused.json()["type"]) == (422, "/problems/file-altered")


async def test_what_one_shows_within_a_day_has_a_limit(house: IdentityHouse, member: Member) -> None:
    await show(member, picture("red"))
    await house.rows("UPDATE file_contents SET size_bytes = 268435456 WHERE union_id = $1", member.id)
    refused = await show(member, picture("blue"))
    assert (refused.status_code, refused.json()["type"]) == (409, "/problems/files-for-today-used-up")


async def test_a_content_larger_than_a_picture_may_be_is_not_looked_at(
    house: IdentityHouse, member: Member
) -> None:
    files = house.app.state.chassis.files
    with pytest.raises(FileTooLarge):
        await files.receive(member.id, b"", b"x" * (house.settings.file_max_bytes + 1), IMAGES)
