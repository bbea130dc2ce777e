"""`guildhall upgrade`: the folder of an earlier release gets a backup, this release's schema and an audit."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
from sqlalchemy.exc import SQLAlchemyError

from chassis.clock import Clock
from guildhall import VERSION
from guildhall.audit.command import report
from guildhall.backup.make import make_backup
from guildhall.data_folder import release_of
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.opened import opened_cluster, superuser_urls
from guildhall.embedded.schema_versions import found_schemas, newest_schemas
from guildhall.embedded.settling import settled_audit
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings


def upgrade(
    settings: GuildhallSettings, clock: Clock, backup_file: Path | None, *, backs_up: bool = True
) -> int:
    """The exit code of the audit. Raises StartRefused; the backup then has the folder as it was.

    `backup_file` is beside the folder where it is None. Without `backs_up` none is made.
    """
    folder = settings.folder.absolute()
    if not folder.exists():
        raise StartRefused(f"there is no folder {folder}: name one with --data DIR")
    with FolderLock(folder):  # while it is served, it is not upgraded
        pass
    before, found = release_of(folder), _found(settings)
    newest = newest_schemas()
    if before == VERSION and found == newest:
        print(f"{folder} is of release {VERSION} already: there is nothing to do.")
        return 0
    file = backup_file or folder.with_name(f"{folder.name}-before-{VERSION}.backup")
    if backs_up:
        make_backup(settings, file, clock)
        print(f"Backed up to {file}, which holds the keys.")
    try:
        verdicts = settled_audit(settings)
    except (StartRefused, SQLAlchemyError, asyncpg.PostgresError, OSError) as error:
        said = error.line if isinstance(error, StartRefused) else f"{type(error).__name__}: {error}"
        kept = f"; {file} has it as it was: guildhall restore it into another folder" if backs_up else ""
        raise StartRefused(f"{folder} could not be upgraded: {said}{kept}") from None
    for name, schema in newest.items():
        if found[name] != schema:
            print(f"{name}: schema {found[name] or 'none'} -> {schema}")
    print(f"{folder} is of release {VERSION} now; it was of {before or 'one that did not say'}.")
    return report(verdicts, as_json=False)


def _found(settings: GuildhallSettings) -> dict[str, str]:
    with opened_cluster(settings) as (cluster, _):
        try:
            return asyncio.run(found_schemas(superuser_urls(cluster)))
        except (OSError, asyncpg.PostgresError) as error:
            raise StartRefused(f"{cluster.described()} cannot be read: {error}") from None
