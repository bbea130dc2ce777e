"""A backup made while the house works comes back whole, of one moment, with all that the folder held."""

import asyncio
import stat
from hashlib import sha256
from pathlib import Path

import asyncpg
import pytest

from guildhall.audit.run import audit
from guildhall.backup.archive import opened_backup
from guildhall.backup.make import last_backup, make_backup
from guildhall.backup.restore import restore
from guildhall.data_folder import FILES_FOLDER, RESTORING, write_release
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.opened import opened_databases
from guildhall.refusals import StartRefused
from tests.guildhall.backup.conftest import LivedIn
from tests.guildhall.backup.living_house import living_house, settings_of

pytestmark = pytest.mark.slow
TRANSFERS = "SELECT count(*) FROM transfers"


async def number(url: str, statement: str) -> int:
    connection = await asyncpg.connect(url)
    try:
        return int(await connection.fetchval(statement))
    finally:
        await connection.close()


def found(folder: Path, pattern: str = "*") -> list[str]:
    return [path.name for path in folder.glob(pattern)]


def found_files(folder: Path) -> dict[Path, bytes]:
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def restored(file: Path, folder: Path) -> None:
    with opened_backup(file) as backup:
        restore(backup, folder)


async def test_a_restored_folder_audits_clean_with_every_row(lived_in: LivedIn, short_folder: Path) -> None:
    folder = short_folder / "restored"
    await asyncio.to_thread(restored, lived_in.backup.file, folder)
    before = await number(lived_in.town.urls["ledger"], TRANSFERS)
    with opened_databases(settings_of(folder)) as urls:
        assert await number(urls["ledger"], TRANSFERS) == before > 0
        verdicts = await audit(urls, lived_in.house.deployment.clock)
    assert [verdict.checked.findings for verdict in verdicts if not verdict.holds] == []


def test_what_members_sent_comes_along(lived_in: LivedIn, short_folder: Path) -> None:
    folder = short_folder / "with-files"
    restored(lived_in.backup.file, folder)
    sent = found_files(folder / FILES_FOLDER)
    assert sent == found_files(lived_in.house.folder / FILES_FOLDER) != {}
    assert [path.name for path in sent] == [sha256(content).hexdigest() for content in sent.values()]


async def test_a_backup_made_while_money_moves_is_one_moment(lived_in: LivedIn, short_folder: Path) -> None:
    town, over = lived_in.town, asyncio.Event()

    async def work() -> int:
        rounds = 0
        while not over.is_set():
            await town.agree(1)
            rounds += 1
        return rounds

    working = asyncio.create_task(work())
    file = short_folder / "moving.backup"
    await asyncio.to_thread(make_backup, lived_in.house.settings, file, lived_in.house.deployment.clock)
    over.set()
    assert await working > 0
    folder = short_folder / "moved"
    await asyncio.to_thread(restored, file, folder)
    async with living_house(folder, lived_in.house.deployment.clock) as again:  # what was under way ends
        urls = {name: database.superuser_url for name, database in again.deployment.databases.items()}
        verdicts = await audit(urls, again.deployment.clock, looks_max=20)
    assert [verdict.checked.findings for verdict in verdicts if not verdict.holds] == []


def test_the_file_is_for_its_owner_alone_and_the_folder_remembers_it(lived_in: LivedIn) -> None:
    made = lived_in.backup
    assert stat.S_IMODE(made.file.stat().st_mode) == 0o600
    assert not list(made.file.parent.glob("*.making"))
    last = last_backup(lived_in.house.folder)
    assert last is not None and last.at == lived_in.house.deployment.clock.now()


def test_what_is_not_guildhalls_is_copied_and_named_and_links_are_left_out(lived_in: LivedIn) -> None:
    names = {part.name for part in lived_in.backup.manifest.parts}
    assert {
        "files/devnet/state.json",
        "files/notes.txt",
        "files/secrets/ledger.pem",
        "files/release",
    } <= names
    assert not names & {"files/devnet/port", "files/devnet/node.log"}, "they say where the node runs here"
    assert "files/link" not in names and not any("lock" in name for name in names)
    assert lived_in.backup.parts.strange == ["link", "notes.txt"]
    assert lived_in.backup.parts.left_out == ["link"]


async def test_permissions_and_contents_come_back(lived_in: LivedIn, short_folder: Path) -> None:
    folder = short_folder / "permissions"
    await asyncio.to_thread(restored, lived_in.backup.file, folder)
    for name in ("secrets/ledger.pem", "secrets/database-passwords.json", "devnet/state.json"):
        before, after = lived_in.house.folder / name, folder / name
        assert after.read_bytes() == before.read_bytes()
        assert after.stat().st_mode == before.stat().st_mode
    assert not (folder / RESTORING).exists() and not (folder / "last-backup.json").exists()


@pytest.mark.parametrize(
    ("name", "reason"), [("town.backup", "exists"), ("home/inside.backup", "lies in the data folder")]
)
async def test_a_place_that_a_backup_cannot_have_is_refused(
    lived_in: LivedIn, short_folder: Path, name: str, reason: str
) -> None:
    with pytest.raises(StartRefused, match=reason):
        await asyncio.to_thread(
            make_backup, lived_in.house.settings, short_folder / name, lived_in.house.deployment.clock
        )


async def test_a_copy_that_fails_leaves_no_file(
    lived_in: LivedIn, short_folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guildhall.backup.base_backup.environment_of", lambda _: {"PGHOST": "/nowhere"})
    file = short_folder / "failed.backup"
    with pytest.raises(StartRefused, match="PostgreSQL could not be copied"):
        await asyncio.to_thread(make_backup, lived_in.house.settings, file, lived_in.house.deployment.clock)
    assert not found(short_folder, "failed*")


def test_a_database_of_ones_own_is_backed_up_by_its_own_means(lived_in: LivedIn, tmp_path: Path) -> None:
    settings = lived_in.house.settings.model_copy(
        update={"database_url": _Secret("postgresql://a@127.0.0.1/b")}
    )
    with pytest.raises(StartRefused, match="back it up by its own means"):
        make_backup(settings, tmp_path / "own.backup", lived_in.house.deployment.clock)


class _Secret:
    def __init__(self, text: str) -> None:
        self._text = text

    def get_secret_value(self) -> str:
        return self._text


async def test_a_folder_with_something_in_it_is_not_restored_into(lived_in: LivedIn, tmp_path: Path) -> None:
    await asyncio.to_thread((tmp_path / "mine.txt").write_text, "here")
    with pytest.raises(StartRefused, match=r"is not empty \(mine.txt\)"):
        await asyncio.to_thread(restored, lived_in.backup.file, tmp_path)
    assert found(tmp_path) == ["mine.txt"]


async def test_a_restore_that_cannot_be_written_leaves_no_folder(
    lived_in: LivedIn, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("guildhall.backup.restore._extract_file", full)
    with pytest.raises(StartRefused, match="No space left on device"):
        await asyncio.to_thread(restored, lived_in.backup.file, tmp_path / "new")
    assert not found(tmp_path)


def test_a_folder_whose_restore_was_cut_off_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / RESTORING).mkdir()
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "database-passwords.json").write_text("{}")
    with pytest.raises(StartRefused, match="was cut off"), opened_databases(settings_of(tmp_path)):
        pass


def test_a_folder_of_a_newer_release_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets" / "database-passwords.json").write_text("{}")
    write_release(tmp_path)
    (tmp_path / "release").write_text("9.0.0\n")
    with pytest.raises(StartRefused, match=r"of Guildhall 9\.0\.0"), opened_databases(settings_of(tmp_path)):
        pass
    with FolderLock(tmp_path):
        pass
