"""A data folder that stands at the schema of a release before is opened: backed up, migrated, audited."""

import asyncio
import tempfile
from collections.abc import Generator
from dataclasses import dataclass
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine

from chassis.bus.postgres.schema import migrate_bus
from chassis.clock import SystemClock
from chassis.database import engine_url
from chassis.migrations import chains
from guildhall import VERSION
from guildhall.backup.archive import opened_backup
from guildhall.data_folder import release_of
from guildhall.embedded.cluster import LaunchedCluster, service_urls
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.opened import PASSWORDS_FILE, opened_databases
from guildhall.embedded.schema_versions import found_schemas, newest_schemas
from guildhall.embedded.schemas import schema_of
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, prepare_cluster
from guildhall.refusals import StartRefused
from guildhall.upgrade import upgrade
from tests.guildhall.backup.living_house import settings_of

pytestmark = pytest.mark.slow
BEFORE = ("0001", "0001")
"""The heads of the chassis and of every service of a release before; the bus had its first version."""


@dataclass(frozen=True, slots=True)
class OldFolder:
    """A folder as that release left it."""

    folder: Path

    @property
    def backup(self) -> Path:
        return self.folder.with_name(f"{self.folder.name}-before-{VERSION}.backup")


@pytest.fixture(scope="module")
def old() -> Generator[OldFolder]:
    with tempfile.TemporaryDirectory(prefix="guildhall-old-") as made:
        folder = Path(made) / "home"
        passwords = Passwords(folder / PASSWORDS_FILE)
        cluster = LaunchedCluster(folder, passwords, settings_of(folder))
        cluster.start()
        try:
            asyncio.run(_as_it_was(cluster, passwords))
        finally:
            cluster.stop()
        (folder / "release").write_text("0.0.9\n")
        yield OldFolder(folder)


async def _as_it_was(cluster: LaunchedCluster, passwords: Passwords) -> None:
    await prepare_cluster(cluster.superuser_url(), passwords)
    await migrate_bus(service_urls(cluster, passwords, BUS)[1])
    for service in SERVICES:
        engine = create_async_engine(engine_url(service_urls(cluster, passwords, service)[1]))
        for chain, revision in zip(chains(schema_of(service).versions), BEFORE, strict=True):
            config = chain.config()

            def migrated(connection: Connection, config=config, revision=revision) -> None:  # type: ignore[no-untyped-def]
                config.attributes["connection"] = connection
                command.upgrade(config, revision)

            async with engine.begin() as connection:
                await connection.run_sync(migrated)
        await engine.dispose()


def test_it_is_backed_up_migrated_and_audited_and_says_so(
    old: OldFolder, capsys: pytest.CaptureFixture[str]
) -> None:
    assert upgrade(settings_of(old.folder), SystemClock(), None) == 0
    said = capsys.readouterr().out
    assert f"Backed up to {old.backup}" in said
    assert f"ledger: schema 0001 0001 -> {newest_schemas()['ledger']}" in said
    assert f"is of release {VERSION} now; it was of 0.0.9" in said and "audit: clean" in said
    with opened_backup(old.backup) as backup:
        backup.verify()
        assert backup.manifest.schemas["ledger"] == "0001 0001"
    with opened_databases(settings_of(old.folder)) as urls:
        assert asyncio.run(found_schemas(urls)) == newest_schemas()
    assert release_of(old.folder) == VERSION
    assert upgrade(settings_of(old.folder), SystemClock(), None) == 0
    assert "there is nothing to do" in capsys.readouterr().out


def test_a_folder_that_is_served_is_not_upgraded(old: OldFolder) -> None:
    with FolderLock(old.folder), pytest.raises(StartRefused, match="in use by another Guildhall"):
        upgrade(settings_of(old.folder), SystemClock(), None)


def test_a_migration_that_fails_says_where_the_folder_is_as_it_was(
    old: OldFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("guildhall.upgrade.settled_audit", fails)
    (old.folder / "release").write_text("0.0.9\n")
    file = old.folder.with_name("other.backup")
    with pytest.raises(StartRefused, match=r"No space left.*other\.backup has it as it was"):
        upgrade(settings_of(old.folder), SystemClock(), file)
    with opened_backup(file) as backup:
        backup.verify()


def test_a_folder_of_a_newer_release_is_refused(old: OldFolder) -> None:
    (old.folder / "release").write_text("9.0.0\n")
    try:
        with pytest.raises(StartRefused, match=r"a folder of Guildhall 9\.0\.0"):
            upgrade(settings_of(old.folder), SystemClock(), None)
    finally:
        (old.folder / "release").write_text(f"{VERSION}\n")


def test_a_folder_that_is_not_there_is_refused_and_not_made(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="there is no folder"):
        upgrade(settings_of(tmp_path / "none"), SystemClock(), None)
    assert not list(tmp_path.iterdir())
