"""`guildhall backup` and `guildhall restore` as people see them: progress, what was written, what to mind."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn

from chassis.clock import SystemClock
from guildhall.audit.command import report
from guildhall.backup.archive import Backup, opened_backup
from guildhall.backup.archive import Progress as Told
from guildhall.backup.make import MadeBackup, make_backup
from guildhall.backup.restore import restore
from guildhall.embedded.schema_versions import newest_schemas
from guildhall.embedded.settling import settled_audit
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

if TYPE_CHECKING:
    from guildhall.cluster.processes import ClusterPlan


def backup_folder(settings: GuildhallSettings, file: Path) -> None:
    """Write it and say so. Raises StartRefused."""
    with _shown("Backing up") as (progress, advance):
        task = progress.task_ids[0]
        made = make_backup(
            settings, file, SystemClock(), advance, lambda size: progress.update(task, total=size)
        )
    print(_said_of(made))


def restore_folder(file: Path, settings: GuildhallSettings) -> int:
    """Restore into the folder of the settings and audit it; the audit's exit code. Raises StartRefused."""
    folder = settings.folder.absolute()
    if settings.database_url is not None:
        raise StartRefused("a backup is restored into a PostgreSQL of its own: unset DATABASE_URL")
    with opened_backup(file) as backup:
        with _shown("Restoring") as (progress, advance):
            progress.update(progress.task_ids[0], total=2 * backup.manifest.size_bytes)
            restore(backup, folder, advance)
        print(f"Restored {folder} from {file}, of {backup.manifest.made_at}.")
        return _audited(backup, settings)


def restore_cluster(file: Path, plan: ClusterPlan) -> None:
    """Restore into a cluster's folder and say how it is served. Raises StartRefused."""
    from guildhall.backup.into_cluster import restore_into_cluster

    with opened_backup(file) as backup:
        with _shown("Restoring") as (progress, advance):
            progress.update(progress.task_ids[0], total=2 * backup.manifest.size_bytes)
            carried = restore_into_cluster(backup, plan, advance)
        print(f"Restored {plan.folder.absolute()} from {file}, of {backup.manifest.made_at}.")
    print(f"On its Kafka: {carried.events_count:,} events; {carried.unrelayed_count:,} more follow.")
    print(f"Serve it: guildhall cluster --data {plan.folder} --port {plan.port}")
    print("The first Guildhall has the same keys: stop it for good.")


def _audited(backup: Backup, settings: GuildhallSettings) -> int:
    """The restored house is opened once: what was under way at the moment of the backup ends first."""
    if backup.manifest.schemas != newest_schemas():
        folder = settings.folder.absolute()
        print(f"It is of Guildhall {backup.manifest.release}: guildhall upgrade --data {folder}")
        return 0
    return report(settled_audit(settings), as_json=False)


def _said_of(made: MadeBackup) -> str:
    lines = [
        f"{made.file}: {made.size_bytes / 1_048_576:.1f} MiB, of {made.manifest.made_at}",
        "It holds the keys and passwords of this Guildhall: keep it as you keep keys.",
    ]
    if made.parts.strange:
        lines.append(f"Copied as found, though not Guildhall's: {', '.join(made.parts.strange)}")
    if made.parts.left_out:
        lines.append(f"Left out, for they are links, sockets or pipes: {', '.join(made.parts.left_out)}")
    return "\n".join(lines)


@contextmanager
def _shown(what: str) -> Generator[tuple[Progress, Told]]:
    """A bar on a terminal, nothing elsewhere."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(binary_units=True))
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as progress:
        task = progress.add_task(what, total=None)
        yield progress, lambda done: progress.advance(task, done)
