"""The two tables of files, in every service that takes them, and their rows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKeyConstraint,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    PrimaryKeyConstraint,
    Table,
    Text,
    Uuid,
    text,
)

from chassis.files.contents import Content
from chassis.unit_of_work import UnitOfWork


def file_tables(metadata: MetaData) -> tuple[Table, Table]:
    """Contents by their digest, each with how many files have it; files by what they belong to."""
    contents = Table(
        "file_contents",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("content_digest", LargeBinary, nullable=False, comment="SHA-256 of what is kept"),
        Column("media_type", Text, nullable=False),
        Column("size_bytes", BigInteger, nullable=False),
        Column("width", Integer),
        Column("height", Integer),
        Column("references_count", BigInteger, nullable=False),
        Column("wanted_until", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("union_id", "content_digest"),
        CheckConstraint("references_count >= 0", name="file_contents_references"),
        Index("file_contents_unreferenced", "wanted_until", postgresql_where=text("references_count = 0")),
    )
    files = Table(
        "files",
        metadata,
        Column("union_id", Uuid, nullable=False),
        Column("subject", Text, nullable=False),
        Column("subject_id", Uuid, nullable=False),
        Column("digest", LargeBinary, nullable=False, comment="SHA-256 of what was sent"),
        Column("file_id", Uuid, nullable=False),
        Column("content_digest", LargeBinary, nullable=False),
        Column("owner_id", Uuid, nullable=False),
        Column("name", Text, nullable=False),
        Column("made_at", DateTime(timezone=True), nullable=False),
        PrimaryKeyConstraint("union_id", "subject", "subject_id", "digest"),
        ForeignKeyConstraint(
            ["union_id", "content_digest"], ["file_contents.union_id", "file_contents.content_digest"]
        ),
        Index("files_by_content", "union_id", "content_digest"),
        Index("files_by_owner", "union_id", "owner_id", "made_at"),
        Index("files_in_order", "union_id", "subject", "subject_id", "file_id"),
    )
    return contents, files


@dataclass(frozen=True, slots=True)
class Subject:
    """What a file belongs to: a noun of the service, and which one."""

    union_id: UUID
    kind: str
    id: UUID


@dataclass(frozen=True, slots=True)
class StoredFile:
    """A file of a subject. `digest`: SHA-256 of what was sent; `content_digest`: of what is kept of it."""

    union_id: UUID
    subject: str
    subject_id: UUID
    digest: bytes
    file_id: UUID
    content_digest: bytes
    owner_id: UUID
    name: str
    made_at: datetime
    media_type: str
    size_bytes: int
    width: int | None
    height: int | None


_WANT = """
INSERT INTO file_contents
    (union_id, content_digest, media_type, size_bytes, width, height, references_count, wanted_until)
VALUES ($1, $2, $3, $4, $5, $6, 0, $7)
ON CONFLICT (union_id, content_digest)
DO UPDATE SET wanted_until = greatest(file_contents.wanted_until, excluded.wanted_until)
"""
_REFER = """
UPDATE file_contents SET references_count = references_count + 1
WHERE union_id = $1 AND content_digest = $2
"""
_INSERT = """
INSERT INTO files
    (union_id, subject, subject_id, digest, file_id, content_digest, owner_id, name, made_at)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
"""
_FILE = """
SELECT f.*, c.media_type, c.size_bytes, c.width, c.height
FROM files f JOIN file_contents c USING (union_id, content_digest)
WHERE f.union_id = $1 AND f.subject = $2 AND f.subject_id = $3
"""
_DELETE = """
DELETE FROM files WHERE union_id = $1 AND subject = $2 AND subject_id = $3 AND digest = $4
RETURNING content_digest
"""
_RELEASE = """
UPDATE file_contents SET references_count = references_count - 1,
    wanted_until = CASE WHEN references_count = 1 THEN $3 ELSE wanted_until END
WHERE union_id = $1 AND content_digest = $2
"""
_LOCK_OWNER = """
SELECT pg_advisory_xact_lock(hashtextextended('files:' || $1::text || $2::text, 0))
"""
_ADDED_BYTES = """
SELECT coalesce(sum(c.size_bytes), 0)
FROM files f JOIN file_contents c USING (union_id, content_digest)
WHERE f.union_id = $1 AND f.owner_id = $2 AND f.made_at > $3
"""
_LOCK_UNREFERENCED = """
SELECT union_id, content_digest FROM file_contents
WHERE references_count = 0 AND wanted_until < $1
ORDER BY wanted_until LIMIT 1 FOR UPDATE SKIP LOCKED
"""


async def want_content(
    unit: UnitOfWork, union_id: UUID, digest: bytes, content: Content, until: datetime
) -> None:
    """Say that a content will be referred to: until then nobody takes it out of the storage."""
    await (await unit.raw()).execute(
        _WANT,
        union_id,
        digest,
        content.media_type,
        len(content.data),
        content.width,
        content.height,
        until,
    )


async def insert_file(unit: UnitOfWork, subject: Subject, file: StoredFile) -> bool:
    """False where the content was swept meanwhile and has to be sent again."""
    raw = await unit.raw()
    if await raw.execute(_REFER, subject.union_id, file.content_digest) != "UPDATE 1":
        return False
    await raw.execute(
        _INSERT,
        subject.union_id,
        subject.kind,
        subject.id,
        file.digest,
        file.file_id,
        file.content_digest,
        file.owner_id,
        file.name,
        file.made_at,
    )
    return True


async def delete_file(unit: UnitOfWork, subject: Subject, digest: bytes, kept_until: datetime) -> None:
    raw = await unit.raw()
    content = await raw.fetchval(_DELETE, subject.union_id, subject.kind, subject.id, digest)
    if content is not None:
        await raw.execute(_RELEASE, subject.union_id, content, kept_until)


async def find_file(unit: UnitOfWork, subject: Subject, digest: bytes) -> StoredFile | None:
    raw = await unit.raw()
    row = await raw.fetchrow(f"{_FILE} AND f.digest = $4", subject.union_id, subject.kind, subject.id, digest)
    return None if row is None else _file_of(row)


async def list_files(unit: UnitOfWork, subject: Subject) -> Sequence[StoredFile]:
    """All of a subject's, as they were added: each subject has a limit."""
    raw = await unit.raw()
    rows = await raw.fetch(f"{_FILE} ORDER BY f.file_id", subject.union_id, subject.kind, subject.id)
    return [_file_of(row) for row in rows]


async def added_bytes_of(unit: UnitOfWork, union_id: UUID, owner_id: UUID, span: timedelta) -> int:
    """What the member added within the span; holds back what else they add until the end."""
    raw = await unit.raw()
    await raw.execute(_LOCK_OWNER, str(union_id), str(owner_id))
    return int(await raw.fetchval(_ADDED_BYTES, union_id, owner_id, unit.now - span) or 0)


async def lock_unreferenced_content(unit: UnitOfWork) -> tuple[UUID, bytes] | None:
    """A content that nothing refers to and nobody wants, held until the end."""
    row = await (await unit.raw()).fetchrow(_LOCK_UNREFERENCED, unit.now)
    return None if row is None else (row["union_id"], row["content_digest"])


async def delete_content(unit: UnitOfWork, union_id: UUID, digest: bytes) -> None:
    await (await unit.raw()).execute(
        "DELETE FROM file_contents WHERE union_id = $1 AND content_digest = $2", union_id, digest
    )


def _file_of(row: Any) -> StoredFile:
    return StoredFile(**{name: row[name] for name in StoredFile.__dataclass_fields__})
