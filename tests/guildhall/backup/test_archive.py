"""A file that is cut off, altered, foreign or of a newer release is one line, and nothing is written."""

import io
import zipfile
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from guildhall import VERSION
from guildhall.backup.archive import CLUSTER, FILES, Manifest, opened_backup, written_backup
from guildhall.backup.restore import restore
from guildhall.postgres.binaries import find_binaries
from guildhall.postgres.server_user import ServerUser
from guildhall.refusals import StartRefused

POSTGRESQL = find_binaries(ServerUser(None), Path()).version
SECRET = f"{FILES}secrets/ledger.pem"


def made(file: Path, secret: str = SECRET, changed: Mapping[str, object] | None = None) -> Path:
    """A small backup; `changed`: fields of its manifest."""
    with written_backup(file) as writer:
        writer.add(CLUSTER, io.BytesIO(b"a tar would be here " * 1_000))
        writer.add(secret, io.BytesIO(b"a key"))
        manifest = Manifest(
            release=VERSION,
            postgresql=POSTGRESQL,
            made_at="2027-03-01T12:00:00+00:00",
            schemas={},
            parts=tuple(writer.parts),
        )
        writer.finish(manifest.model_copy(update=changed or {}))
    return file


def cut(file: Path) -> None:
    file.write_bytes(file.read_bytes()[:-40])


def bent(file: Path) -> None:
    """One bit of the key, in a member that is stored as it is and whose checksum was made right again."""
    _rewritten(file, {SECRET: b"b key"})


def without_key(file: Path) -> None:
    _rewritten(file, {SECRET: None})


def with_a_stranger(file: Path) -> None:
    _rewritten(file, {f"{FILES}secrets/mine.pem": b"mine"})


def without_manifest(file: Path) -> None:
    _rewritten(file, {"manifest.json": None})


def text(file: Path) -> None:
    file.write_text("a shopping list")


def torn_inside(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[60] ^= 0x10
    file.write_bytes(content)


def _rewritten(file: Path, members: dict[str, bytes | None]) -> None:
    with zipfile.ZipFile(file) as archive:
        content = {name: archive.read(name) for name in archive.namelist()}
    with zipfile.ZipFile(file, "w") as archive:
        for name, data in (content | members).items():
            if data is not None:
                archive.writestr(name, data)


@pytest.mark.parametrize(
    ("damage", "reason"),
    [
        (cut, "is no backup of Guildhall, or is cut off"),
        (text, "is no backup of Guildhall, or is cut off"),
        (without_manifest, "has no manifest"),
        (bent, "secrets/ledger.pem is not what was backed up"),
        (without_key, "its members are not those of its manifest"),
        (with_a_stranger, "its members are not those of its manifest"),
        (torn_inside, "is damaged"),
    ],
)
def test_a_file_that_is_not_what_was_written_is_refused(
    tmp_path: Path, damage: Callable[[Path], None], reason: str
) -> None:
    file = made(tmp_path / "a.backup")
    damage(file)
    with pytest.raises(StartRefused, match=reason), opened_backup(file) as backup:
        restore(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"release": "9.0.0"}, r"made by Guildhall 9\.0\.0"),
        ({"release": "tomorrow"}, "is no release"),
        ({"format": 2}, "has the form 2"),
        ({"kind": "a photo album"}, "its manifest says something else"),
        ({"postgresql": "99.1"}, r"a cluster of PostgreSQL 99\.1"),
        ({"parts": ()}, "its manifest is incomplete"),
    ],
)
def test_a_manifest_of_another_kind_or_time_is_refused(
    tmp_path: Path, changed: dict[str, object], reason: str
) -> None:
    file = made(tmp_path / "a.backup", changed=changed)
    with pytest.raises(StartRefused, match=reason), opened_backup(file) as backup:
        restore(backup, tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(
    "name", ["files/../../out", "/etc/passwd", "files/", "files//a", "elsewhere/a", "files/a\\b", "files/./a"]
)
def test_a_name_that_leads_out_of_the_folder_is_refused(tmp_path: Path, name: str) -> None:
    file = made(tmp_path / "a.backup", secret=name)
    with pytest.raises(StartRefused, match="it names the file"), opened_backup(file) as backup:
        backup.verify()


def test_a_whole_file_verifies(tmp_path: Path) -> None:
    with opened_backup(made(tmp_path / "a.backup")) as backup:
        done: list[int] = []
        backup.verify(done.append)
        assert sum(done) == backup.manifest.size_bytes == 20_005


def test_a_file_that_is_not_there_is_said_so(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="there is no file"), opened_backup(tmp_path / "none"):
        pass


def test_a_writer_that_fails_leaves_nothing(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="No space left"), written_backup(tmp_path / "a.backup"):
        raise OSError(28, "No space left on device")
    assert not list(tmp_path.iterdir())


def test_what_a_killed_backup_left_is_written_over(tmp_path: Path) -> None:
    (tmp_path / "a.backup.making").write_bytes(b"x" * 1_000_000)
    with opened_backup(made(tmp_path / "a.backup")) as backup:
        backup.verify()
    assert [path.name for path in tmp_path.iterdir()] == ["a.backup"]


def test_two_backups_do_not_write_one_file(tmp_path: Path) -> None:
    with (
        pytest.raises(StartRefused, match="another backup is writing"),
        written_backup(tmp_path / "a.backup"),
        written_backup(tmp_path / "a.backup"),
    ):
        pass
