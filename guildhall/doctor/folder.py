"""The data folder: who may read its secrets, how much room there is, how old the newest backup is."""

from __future__ import annotations

import os
import shutil
import stat
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

from guildhall import VERSION
from guildhall.backup.make import last_backup
from guildhall.data_folder import refuse_unfit, release_of
from guildhall.doctor.finding import Finding, Level, well_or
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

PUBLIC_SECRETS = frozenset({"service-keys.json"})
"""What lies among the secrets and is none: public keys."""


def folder_findings(folder: Path, settings: GuildhallSettings, now: datetime) -> Iterator[Finding]:
    """Of a folder that is there."""
    yield from _release(folder)
    yield from permissions(folder)
    yield room(folder, settings.doctor_disk_free_min_mebibytes)
    yield backup_age(folder, settings.doctor_backup_age_max_days, now)


def _release(folder: Path) -> Iterator[Finding]:
    try:
        refuse_unfit(folder)
        found = release_of(folder)
    except StartRefused as refusal:
        yield Finding(Level.BROKEN, "folder.release", refusal.line, "see the line")
        return
    yield well_or(
        Level.UNSAFE,
        "folder.release",
        holds=found in {None, VERSION},
        well=f"the folder is of release {VERSION}",
        ill=f"the folder is of release {found} and this is {VERSION}",
        mend=f"guildhall upgrade --data {folder}",
    )


def permissions(folder: Path) -> Iterator[Finding]:
    """Secrets that others than their owner may read or write."""
    secrets = folder / "secrets"
    open_ones = [
        path
        for path in (secrets, *sorted(secrets.glob("*")))
        if path.name not in PUBLIC_SECRETS and stat.S_IMODE(path.stat().st_mode) & 0o077
    ]
    for path in open_ones:
        mode = "700" if path.is_dir() else "600"
        yield Finding(
            Level.UNSAFE,
            "folder.secrets",
            f"others may read {path} ({stat.S_IMODE(path.stat().st_mode):o})",
            f"chmod {mode} {path}",
        )
    if not open_ones:
        yield Finding(Level.WELL, "folder.secrets", "secrets are for their owner alone")


def room(folder: Path, least_mebibytes: int) -> Finding:
    """Whether the disk has room for more."""
    free_mebibytes = shutil.disk_usage(folder).free // 1_048_576
    return well_or(
        Level.UNSAFE,
        "folder.room",
        holds=free_mebibytes >= least_mebibytes and os.access(folder, os.W_OK),
        well=f"{free_mebibytes} MiB are free",
        ill=f"{free_mebibytes} MiB are free in {folder}, of {least_mebibytes}, or it is read-only",
        mend="make room: a full disk stops everything, though nothing is lost",
    )


def backup_age(folder: Path, oldest_days: int, now: datetime) -> Finding:
    """How long ago the newest backup was made."""
    last = last_backup(folder)
    mend = f"guildhall backup FILE --data {folder}, by a timer, onto another disk"
    if last is None:
        return Finding(Level.UNSAFE, "folder.backup", "no backup was ever made", mend)
    return well_or(
        Level.UNSAFE,
        "folder.backup",
        holds=now - last.at <= timedelta(days=oldest_days),
        well=f"the newest backup is {last.file}, of {last.at.isoformat(timespec='seconds')}",
        ill=f"the newest backup, {last.file}, is of {last.at.isoformat(timespec='seconds')}",
        mend=mend,
    )
