"""What routes of files have in common: the body as it comes, the view, the answer with a content."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import Depends, Path, Query, Request, Response
from pydantic import AwareDatetime, BaseModel, Field

from chassis.fields import LINE_PATTERN
from chassis.files.contents import DOCUMENTS, IMAGES
from chassis.files.house import FileHouse
from chassis.files.tables import StoredFile

DIGEST_PATTERN = r"^[0-9a-f]{64}$"
FileDigest = Annotated[
    str, Path(pattern=DIGEST_PATTERN, description="SHA-256 of the file as it is sent, in hexadecimal.")
]
FileName = Annotated[
    str, Query(pattern=LINE_PATTERN, description="The file's name.", examples=["Page 1.jpg"])
]
LinkTime = Annotated[int, Query(ge=0, le=2**53, description="Until when the link works, in Unix seconds.")]
LinkSignature = Annotated[str, Query(max_length=64, pattern=r"^[A-Za-z0-9_-]*$")]
FILE_BODY: dict[str, Any] = {
    "requestBody": {
        "required": True,
        "description": "The file's content, as it is. Its kind is told by its bytes.",
        "content": {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}},
    }
}
CONTENT_ANSWER: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The content as it is kept.",
        "content": {kind: {"schema": {"type": "string", "format": "binary"}} for kind in DOCUMENTS},
    }
}


class FileView(BaseModel):
    """A file, and a link to its content that works for an hour or two without a token."""

    digest: str = Field(description="SHA-256 of what was sent: the file's name in paths and signed acts.")
    content_digest: str = Field(description="SHA-256 of what is kept: of an image, without its metadata.")
    name: str
    media_type: str
    size_bytes: int
    width: int | None = Field(description="In pixels, of images.")
    height: int | None
    owner_id: UUID
    made_at: AwareDatetime
    link: str

    @classmethod
    def of(cls, house: FileHouse, file: StoredFile, path: str, now: datetime) -> "FileView":
        """`path`: of the list that the file is in."""
        return cls(
            digest=file.digest.hex(),
            content_digest=file.content_digest.hex(),
            name=file.name,
            media_type=file.media_type,
            size_bytes=file.size_bytes,
            width=file.width,
            height=file.height,
            owner_id=file.owner_id,
            made_at=file.made_at,
            link=house.links.link(f"{path}/{file.digest.hex()}/content", now),
        )


class FilesView(BaseModel):
    """All files of one thing, as they were added: as many as the setting allows."""

    items: list[FileView]

    @classmethod
    def of(cls, house: FileHouse, files: Sequence[StoredFile], path: str, now: datetime) -> "FilesView":
        return cls(items=[FileView.of(house, file, path, now) for file in files])


NEW_FILE: dict[int | str, dict[str, Any]] = {201: {"model": FileView, "description": "Added."}}


async def files_of_service(request: Request) -> FileHouse:
    files: FileHouse | None = request.app.state.chassis.files
    assert files is not None, "the service's settings are FileSettings"
    return files


async def content_sent(request: Request) -> bytes:
    return await request.body()


Files = Annotated[FileHouse, Depends(files_of_service)]
ContentSent = Annotated[bytes, Depends(content_sent)]


def content_answer(file: StoredFile, data: bytes, seconds_left: int) -> Response:
    """Images are shown, anything else is saved; the browser guesses nothing and runs nothing."""
    shown = "inline" if file.media_type in IMAGES else "attachment"
    return Response(
        data,
        media_type=file.media_type,
        headers={
            "Content-Disposition": f"{shown}; filename*=UTF-8''{quote(file.name or 'file', safe='')}",
            "Content-Security-Policy": "sandbox; default-src 'none'",
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": f"private, max-age={seconds_left}, immutable",
        },
    )
