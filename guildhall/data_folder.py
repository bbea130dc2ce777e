"""What a data folder says of itself: the release that served it last, and a restore that was cut off."""

import os
from pathlib import Path

from guildhall import VERSION
from guildhall.refusals import StartRefused

FILES_FOLDER = "files"
"""What members have sent, where no bucket keeps it."""
RELEASE_FILE = "release"
RESTORING = "restoring"
"""Where a restore builds. A folder that has it was not restored to its end."""


def release_of(folder: Path) -> str | None:
    """The release that served the folder last; None for a folder that none has finished to make."""
    try:
        return (folder / RELEASE_FILE).read_text(encoding="ascii").strip() or None
    except (FileNotFoundError, NotADirectoryError):
        return None
    except (OSError, UnicodeDecodeError) as error:
        raise StartRefused(f"cannot read {folder / RELEASE_FILE}: {error}") from None


def is_newer(release: str) -> bool:
    """Whether a release came after this one. Raises StartRefused for what is no version."""
    return _numbers(release) > _numbers(VERSION)


def refuse_unfit(folder: Path) -> None:
    """Raises StartRefused for a folder of a newer release, and for one that is half restored."""
    if (folder / RESTORING).exists():
        raise StartRefused(f"the restore into {folder} was cut off: remove the folder and restore again")
    found = release_of(folder)
    if found is not None and is_newer(found):
        raise StartRefused(
            f"{folder} is a folder of Guildhall {found} and this is {VERSION}: "
            "start it with that release or a newer one"
        )


def write_release(folder: Path) -> None:
    """Say that this release has brought the folder to its own schema."""
    if release_of(folder) == VERSION:
        return
    beside = folder / f"{RELEASE_FILE}.new"
    with beside.open("w", encoding="ascii") as out:
        out.write(f"{VERSION}\n")
        out.flush()
        os.fsync(out.fileno())
    beside.rename(folder / RELEASE_FILE)


def _numbers(release: str) -> tuple[int, ...]:
    try:
        return tuple(int(part) for part in release.split("."))
    except ValueError:
        raise StartRefused(f"{release} is no release of Guildhall") from None
