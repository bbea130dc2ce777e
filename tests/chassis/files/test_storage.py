"""One behaviour, in a folder and in a bucket: kept whole, fetched, forgotten; an outage is told as one."""

import asyncio
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator, Generator
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import httpx
import pytest
from pydantic import SecretStr, ValidationError

from bench.gateway.served import free_port
from chassis.files.storage import ContentMissing, Storage, StorageUnavailable
from services.market.settings import MarketSettings

UNION, OTHER = UUID(int=1), UUID(int=2)
CONTENT = b"a content" * 1_000
DIGEST = sha256(CONTENT).digest()
BUCKET = "guild"
MOTO = Path(sys.executable).with_name("moto_server")
STARTS_SECONDS = 30


def settings(folder: Path, **more: object) -> MarketSettings:
    files = dict.fromkeys(("service_key_file", "service_keys_file"), "x")
    urls = dict.fromkeys(("database_url", "owner_database_url", "bus_url"), SecretStr("postgresql://x"))
    return MarketSettings.model_validate({**files, **urls, "files_folder": folder, **more})


def is_empty(folder: Path) -> bool:
    return not list(folder.iterdir())


def bucket_settings(folder: Path, url: str) -> MarketSettings:
    return settings(
        folder,
        files_s3_bucket=BUCKET,
        files_s3_endpoint=url,
        files_s3_access_key_id="guild",
        files_s3_secret_access_key="secret",
        file_storage_seconds=5,
    )


@pytest.fixture(scope="module")
def s3() -> Generator[str]:
    """A server that speaks S3's protocol (moto), with a bucket."""
    if not MOTO.exists():
        pytest.skip("no moto_server: `make check` brings it (scripts/setup bucket)")
    port = free_port()
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen(
        [MOTO, "-H", "127.0.0.1", "-p", str(port)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    ) as server:
        try:
            made = httpx.Client(transport=httpx.HTTPTransport(retries=10), timeout=STARTS_SECONDS)
            with made as client:
                assert client.put(f"{url}/{BUCKET}").status_code == 200
            yield url
        finally:
            server.terminate()


@pytest.fixture(params=["folder", "bucket"])
async def storage(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncGenerator[Storage]:
    if request.param == "folder":
        yield Storage(settings(tmp_path), "market")
    else:
        yield Storage(bucket_settings(tmp_path, request.getfixturevalue("s3")), "market")
        assert is_empty(tmp_path), "what is in a bucket is in no folder"


async def test_what_is_kept_is_fetched_until_it_is_forgotten(storage: Storage) -> None:
    for _ in range(2):
        await storage.keep(UNION, DIGEST, CONTENT)
    assert await storage.fetch(UNION, DIGEST) == CONTENT
    with pytest.raises(ContentMissing):
        await storage.fetch(OTHER, DIGEST)
    for _ in range(2):
        await storage.forget(UNION, DIGEST)
    with pytest.raises(ContentMissing):
        await storage.fetch(UNION, DIGEST)


async def test_many_at_once(storage: Storage) -> None:
    contents = [b"%d" % number for number in range(40)]
    await asyncio.gather(*(storage.keep(UNION, sha256(one).digest(), one) for one in contents))
    fetched = await asyncio.gather(*(storage.fetch(UNION, sha256(one).digest()) for one in contents))
    assert list(fetched) == contents


async def test_a_bucket_that_does_not_answer_is_an_outage(tmp_path: Path) -> None:
    away = Storage(bucket_settings(tmp_path, f"http://127.0.0.1:{free_port()}"), "market")
    for work in (away.keep(UNION, DIGEST, CONTENT), away.fetch(UNION, DIGEST), away.forget(UNION, DIGEST)):
        with pytest.raises(StorageUnavailable):
            await work


async def test_a_folder_that_cannot_be_written_is_an_outage(tmp_path: Path) -> None:
    storage = Storage(settings(tmp_path), "market")
    await storage.keep(UNION, DIGEST, CONTENT)
    shutil.rmtree(tmp_path / "market")
    (tmp_path / "market").write_text("a file where a folder was")
    with pytest.raises(StorageUnavailable):
        await storage.keep(UNION, DIGEST, CONTENT)


def test_files_need_a_place(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="FILES_FOLDER or FILES_S3_BUCKET"):
        settings(tmp_path, files_folder=None)


def test_a_bucket_needs_its_key(tmp_path: Path) -> None:
    with pytest.raises(ValidationError, match="FILES_S3_SECRET_ACCESS_KEY"):
        settings(tmp_path, files_s3_bucket=BUCKET, files_s3_access_key_id="guild")
