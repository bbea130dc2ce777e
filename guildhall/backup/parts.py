"""What of a data folder is copied file by file: all but what is in the base backup or is made anew."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from guildhall.data_folder import FILES_FOLDER

MADE_ANEW = frozenset({"postgres", "lock", "last-backup.json"})
"""`postgres` travels as a base backup of the server; the others say something of this place alone."""
KNOWN = frozenset({"secrets", "release", "story", "devnet", FILES_FOLDER})
"""What Guildhall lays there. Anything else is copied, too, and named to the operator."""
_MADE_ANEW_WITHIN = frozenset({Path("devnet/port"), Path("devnet/node.log")})


@dataclass(slots=True)
class FolderParts:
    """`files`: paths below the folder. `strange`: others' files. `left_out`: links, sockets, pipes."""

    files: list[Path] = field(default_factory=list[Path])
    strange: list[str] = field(default_factory=list[str])
    left_out: list[str] = field(default_factory=list[str])


def parts_of(folder: Path) -> FolderParts:
    """Raises OSError for a folder that cannot be listed."""
    found = FolderParts()
    for entry in sorted(folder.iterdir()):
        if entry.name in MADE_ANEW:
            continue
        if entry.name not in KNOWN:
            found.strange.append(entry.name)
        for path in _walk(entry):
            inside = path.relative_to(folder)
            if inside in _MADE_ANEW_WITHIN:
                continue
            if path.is_file() and not path.is_symlink():
                found.files.append(inside)
            else:
                found.left_out.append(str(inside))
    return found


def _walk(entry: Path) -> Iterator[Path]:
    """The entry if it is a file, and what is in it if it is a folder."""
    if entry.is_symlink() or not entry.is_dir():
        yield entry
        return

    def refuse(error: OSError) -> None:
        raise error

    for parent, folders, files in os.walk(entry, onerror=refuse):
        folders.sort()
        links = [name for name in folders if (Path(parent) / name).is_symlink()]
        yield from (Path(parent) / name for name in sorted([*files, *links]))
