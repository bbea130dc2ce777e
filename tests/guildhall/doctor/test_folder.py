"""What the doctor says of a data folder: open secrets, no room, old backups, another release."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import orjson
import pytest

from guildhall.backup.make import LAST_BACKUP_FILE
from guildhall.data_folder import write_release
from guildhall.doctor.finding import Level
from guildhall.doctor.folder import backup_age, folder_findings, permissions, room
from guildhall.reading_settings import read_settings
from guildhall.settings import GuildhallSettings

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    secrets = tmp_path / "secrets"
    secrets.mkdir(mode=0o700)
    for name, mode in (("ledger.pem", 0o600), ("service-keys.json", 0o644)):
        (secrets / name).touch()
        (secrets / name).chmod(mode)
    return tmp_path


def backed_up(folder: Path, at: datetime) -> None:
    (folder / LAST_BACKUP_FILE).write_bytes(orjson.dumps({"at": at.isoformat(), "file": "/b"}))


def test_a_folder_that_is_kept_well(folder: Path) -> None:
    write_release(folder)
    backed_up(folder, NOON)
    settings = read_settings(GuildhallSettings, None, doctor_disk_free_min_mebibytes=1)
    found = list(folder_findings(folder, settings, NOON))
    assert [finding.level for finding in found] == [Level.WELL] * 4, found


@pytest.mark.parametrize(("name", "mode"), [("secrets/ledger.pem", 0o640), ("secrets", 0o755)])
def test_secrets_that_others_may_read_are_unsafe(folder: Path, name: str, mode: int) -> None:
    assert [finding.level for finding in permissions(folder)] == [Level.WELL]
    (folder / name).chmod(mode)
    (found,) = permissions(folder)
    assert found.level is Level.UNSAFE
    assert found.mend == f"chmod {'600' if name.endswith('.pem') else '700'} {folder / name}"


def test_a_disk_with_less_room_than_wanted_is_unsafe(folder: Path) -> None:
    assert room(folder, 1).level is Level.WELL
    assert room(folder, 10**9).level is Level.UNSAFE


@pytest.mark.parametrize(("age_days", "level"), [(None, Level.UNSAFE), (7, Level.WELL), (8, Level.UNSAFE)])
def test_the_age_of_the_newest_backup(folder: Path, age_days: int | None, level: Level) -> None:
    if age_days is not None:
        backed_up(folder, NOON - timedelta(days=age_days))
    assert backup_age(folder, 7, NOON).level is level


@pytest.mark.parametrize(("release", "level"), [("0.0.9", Level.UNSAFE), ("9.0.0", Level.BROKEN)])
def test_a_folder_of_another_release(folder: Path, release: str, level: Level) -> None:
    (folder / "release").write_text(release)
    settings = read_settings(GuildhallSettings, None)
    (found,) = [one for one in folder_findings(folder, settings, NOON) if one.name == "folder.release"]
    assert found.level is level
