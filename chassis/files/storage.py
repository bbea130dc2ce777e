"""Where contents are kept: a folder or a bucket, by obstore; a content is written whole or not at all."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable
from datetime import timedelta
from typing import TYPE_CHECKING, TypeVar
from uuid import UUID

if TYPE_CHECKING:
    from obstore.store import LocalStore, S3Config, S3Store

    from chassis.files.settings import FileSettings

ANOTHER_TRY_SECONDS = 5
Answer = TypeVar("Answer")


class StorageUnavailable(OSError):
    """The place of the files does not answer; nothing is lost, and the request may be repeated."""


class ContentMissing(Exception):
    """A content that a row names is not in the storage: the storage has lost it."""


class Storage:
    """Contents of one service by union and digest. Opened at the first use: most processes never do."""

    def __init__(self, settings: FileSettings, service: str) -> None:
        self._settings = settings
        self._service = service
        self._store: LocalStore | S3Store | None = None

    async def keep(self, union_id: UUID, digest: bytes, content: bytes) -> None:
        """Keeping the same again changes nothing. Raises StorageUnavailable."""
        import obstore

        await self._within(
            obstore.put_async(self._opened(), _path(union_id, digest), content, use_multipart=False)
        )

    async def fetch(self, union_id: UUID, digest: bytes) -> bytes:
        """Raises ContentMissing, StorageUnavailable."""
        import obstore

        async def fetched() -> bytes:
            found = await obstore.get_async(self._opened(), _path(union_id, digest))
            return bytes(await found.bytes_async())

        return await self._within(fetched())

    async def forget(self, union_id: UUID, digest: bytes) -> None:
        """Forgetting what is not there changes nothing. Raises StorageUnavailable."""
        import obstore

        try:
            await self._within(obstore.delete_async(self._opened(), _path(union_id, digest)))
        except ContentMissing:
            return

    def _opened(self) -> LocalStore | S3Store:
        if self._store is None:
            self._store = _opened_store(self._settings, self._service)
        return self._store

    async def _within(self, work: Awaitable[Answer]) -> Answer:
        from obstore.exceptions import BaseError

        try:
            async with asyncio.timeout(self._settings.file_storage_seconds):
                return await work
        except FileNotFoundError as missing:
            raise ContentMissing(str(missing)) from missing
        except (BaseError, OSError, TimeoutError) as error:
            raise StorageUnavailable(f"the files' storage does not answer: {error}") from error


def _opened_store(settings: FileSettings, service: str) -> LocalStore | S3Store:
    from obstore.store import LocalStore, S3Store

    if settings.files_s3_bucket is None:
        assert settings.files_folder is not None, "the settings ask for it"
        return LocalStore(settings.files_folder / service, mkdir=True, automatic_cleanup=True)
    assert settings.files_s3_access_key_id is not None, "the settings ask for it"
    assert settings.files_s3_secret_access_key is not None, "the settings ask for it"
    endpoint = settings.files_s3_endpoint
    config: S3Config = {
        "region": settings.files_s3_region,
        "access_key_id": settings.files_s3_access_key_id,
        "secret_access_key": settings.files_s3_secret_access_key.get_secret_value(),
    }
    if endpoint is not None:
        config["endpoint"] = endpoint
    return S3Store(
        settings.files_s3_bucket,
        prefix=service,
        config=config,
        client_options={"allow_http": endpoint is not None and endpoint.startswith("http://")},
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=ANOTHER_TRY_SECONDS)},
    )


def _path(union_id: UUID, digest: bytes) -> str:
    name = digest.hex()
    return f"{union_id}/{name[:2]}/{name}"
