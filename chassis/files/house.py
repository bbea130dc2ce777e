"""Files of one service: received, kept, listed, shown and swept."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

import structlog

from chassis.auth.keys import SigningKey
from chassis.files import tables
from chassis.files.contents import DOCUMENTS, Content, ImageLimits, read_content
from chassis.files.errors import (
    FileAltered,
    FileNameTooLong,
    FileNotFound,
    FileOfAnother,
    FilesForTodayUsedUp,
    FileTooLarge,
    TooManyFiles,
)
from chassis.files.links import FileLinks
from chassis.files.settings import FileSettings
from chassis.files.storage import ContentMissing, Storage, StorageUnavailable
from chassis.files.tables import StoredFile, Subject
from chassis.unit_of_work import UnitOfWork

logger = structlog.get_logger(__name__)
WANTED_FOR = timedelta(hours=1)
DAY = timedelta(days=1)
SWEPT_AT_ONCE_MAX = 1_000


@dataclass(frozen=True, slots=True)
class Received:
    """A content that is in the storage, and that nobody refers to yet."""

    union_id: UUID
    digest: bytes
    content_digest: bytes
    content: Content


class FileHouse:
    """A content is wanted before it is kept, and kept before a file refers to it: no crash in between leaves
    a file without its content, and what nobody came to refer to is swept."""

    def __init__(
        self, settings: FileSettings, service: str, own: SigningKey, open_unit: Callable[[str], UnitOfWork]
    ) -> None:
        self.links = FileLinks.of(own, settings.file_link_seconds)
        self._settings = settings
        self._storage = Storage(settings, service)
        self._open_unit = open_unit
        self._reading_images = asyncio.Semaphore(settings.images_at_once_max_count)
        self._image_limits = ImageLimits(
            settings.image_pixels_max_count, settings.image_side_pixels_max_count
        )

    async def receive(
        self, union_id: UUID, digest: bytes, data: bytes, taken: tuple[str, ...] = DOCUMENTS
    ) -> Received:
        """Keep what was sent, made harmless. Call it while no transaction is open: it opens one of its own.

        Raises FileTooLarge, FileEmpty, FileAltered, FileKindNotTaken, ImageUnreadable, ImageTooLarge,
        StorageUnavailable.
        """
        if len(data) > self._settings.file_max_bytes:
            raise FileTooLarge(self._settings.file_max_bytes)
        received = sha256(data).digest()
        if received != digest:
            raise FileAltered(digest.hex(), received.hex())
        async with self._reading_images:
            content = await asyncio.to_thread(read_content, data, taken, self._image_limits)
        content_digest = sha256(content.data).digest()
        unit = self._open_unit("files")
        try:
            await tables.want_content(unit, union_id, content_digest, content, unit.now + WANTED_FOR)
            await unit.commit()
        finally:
            await unit.close()
        await self._storage.keep(union_id, content_digest, content.data)
        return Received(union_id, digest, content_digest, content)

    async def add(
        self, unit: UnitOfWork, subject: Subject, owner_id: UUID, name: str, received: Received, most: int
    ) -> tuple[StoredFile, bool]:
        """Refer to what was received, and say whether that is new: the same content is one file of a subject.

        The caller holds the subject until the end. Raises FileNameTooLong, TooManyFiles, FilesForTodayUsedUp,
        StorageUnavailable.
        """
        if len(name) > self._settings.file_name_max_characters:
            raise FileNameTooLong(self._settings.file_name_max_characters)
        there = await tables.list_files(unit, subject)
        for file in there:
            if file.digest == received.digest:
                return file, False
        if len(there) >= most:
            raise TooManyFiles(most)
        daily = self._settings.file_daily_max_bytes
        added = await tables.added_bytes_of(unit, subject.union_id, owner_id, DAY)
        if added + len(received.content.data) > daily:
            raise FilesForTodayUsedUp(daily)
        content = received.content
        file = StoredFile(
            union_id=subject.union_id,
            subject=subject.kind,
            subject_id=subject.id,
            digest=received.digest,
            file_id=unit.ids.new(),
            content_digest=received.content_digest,
            owner_id=owner_id,
            name=name,
            made_at=unit.now,
            media_type=content.media_type,
            size_bytes=len(content.data),
            width=content.width,
            height=content.height,
        )
        if not await tables.insert_file(unit, subject, file):
            raise StorageUnavailable("what was received has waited too long for its file")
        return file, True

    async def remove(self, unit: UnitOfWork, subject: Subject, digest: bytes, owner_id: UUID) -> None:
        """The content goes when nothing else refers to it. Raises FileNotFound, FileOfAnother."""
        file = await tables.find_file(unit, subject, digest)
        if file is None:
            raise FileNotFound(digest.hex())
        if file.owner_id != owner_id:
            raise FileOfAnother(digest.hex())
        kept_until = unit.now + timedelta(seconds=self._settings.file_unreferenced_seconds)
        await tables.delete_file(unit, subject, digest, kept_until)

    async def files_of(self, unit: UnitOfWork, subject: Subject) -> Sequence[StoredFile]:
        return await tables.list_files(unit, subject)

    async def content_of(self, unit: UnitOfWork, subject: Subject, digest: bytes) -> tuple[StoredFile, bytes]:
        """Raises FileNotFound, StorageUnavailable."""
        file = await tables.find_file(unit, subject, digest)
        if file is None:
            raise FileNotFound(digest.hex())
        try:
            return file, await self._storage.fetch(file.union_id, file.content_digest)
        except ContentMissing as lost:
            logger.error("the storage has lost a file", union_id=str(file.union_id), reason=str(lost))
            raise FileNotFound(digest.hex()) from lost

    async def sweep(self) -> None:
        """Take out of the storage what nothing refers to any more."""
        for _ in range(SWEPT_AT_ONCE_MAX):
            unit = self._open_unit("files")
            try:
                found = await tables.lock_unreferenced_content(unit)
                if found is None:
                    return
                await self._storage.forget(*found)
                await tables.delete_content(unit, *found)
                await unit.commit()
            except StorageUnavailable as away:
                logger.warning("files wait to be swept", reason=str(away))
                return
            finally:
                await unit.close()
