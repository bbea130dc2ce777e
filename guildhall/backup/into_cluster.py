"""An embedded house's backup as a cluster of the compose file: how a union outgrows one process.

Keys and passwords come along, so that signatures, tokens and intents stay good; so do the client's and the
devnet's folders. The databases are loaded before anything is migrated, and the bus goes event by event.
"""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import Generator
from contextlib import contextmanager
from pathlib import Path, PurePosixPath

import asyncpg

from chassis.bus.opening import transport_of
from chassis.clock import SystemClock
from chassis.ids import IdSource
from guildhall.backup.archive import CLUSTER, Backup, Progress
from guildhall.backup.carry_over import CarriedOver, carry_over
from guildhall.backup.restore import refuse_occupied, restore
from guildhall.cluster.processes import OWN_ENTRIES, ClusterPlan
from guildhall.cluster.run import stores_running
from guildhall.data_folder import RELEASE_FILE, RESTORING
from guildhall.embedded.cluster import ExternalCluster, service_urls
from guildhall.embedded.folder_lock import LOCK_FILE, FolderLock
from guildhall.embedded.opened import DATABASE_URL_FILE, KAFKA_URL_FILE, PASSWORDS_FILE
from guildhall.kafka.provision import Provision, provision
from guildhall.kafka.settings import KafkaSettings
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import SERVICES, prepare_cluster
from guildhall.refusals import StartRefused

_STAYS = frozenset({"postgres", LOCK_FILE, RELEASE_FILE})
"""Of the restored house: its databases are carried over; the others say something of that folder alone."""


def restore_into_cluster(backup: Backup, plan: ClusterPlan, progress: Progress | None = None) -> CarriedOver:
    """`plan.folder` is new or empty, and as it was on a failure. Raises StartRefused."""
    _refuse_entries_of_the_cluster(backup)
    with _building(plan.folder.absolute()) as building:
        home = building / "home"
        restore(backup, home, progress)
        _take_along(home, plan.folder.absolute())
        try:
            return asyncio.run(_carry(home, plan))
        except asyncpg.PostgresError as error:
            raise StartRefused(f"the cluster's PostgreSQL cannot be filled: {error}") from None


async def _carry(home: Path, plan: ClusterPlan) -> CarriedOver:
    folder, clock = plan.folder.absolute(), SystemClock()
    async with stores_running(plan):
        passwords = Passwords(folder / PASSWORDS_FILE)
        cluster = ExternalCluster((folder / DATABASE_URL_FILE).read_text())
        await prepare_cluster(cluster.superuser_url(), passwords)
        kafka_url = (folder / KAFKA_URL_FILE).read_text()
        # The presets, whatever the environment says here: the compose file hands none of it to `migrate`.
        presets = KafkaSettings.model_construct()
        await asyncio.to_thread(provision, Provision(kafka_url, passwords.of, presets))
        bus = transport_of(kafka_url, clock, IdSource(clock).new())
        await bus.open()
        try:
            owner_urls = {service: service_urls(cluster, passwords, service)[1] for service in SERVICES}
            return await carry_over(home, owner_urls, bus)
        finally:
            await bus.close()


def _take_along(home: Path, folder: Path) -> None:
    for entry in sorted(home.iterdir()):
        if entry.name in _STAYS:
            continue
        if entry.name == PASSWORDS_FILE.parent.name:
            shutil.copytree(entry, folder / entry.name)  # the restored databases are opened with them, too
        else:
            entry.rename(folder / entry.name)


def _refuse_entries_of_the_cluster(backup: Backup) -> None:
    names = {PurePosixPath(part.name).parts[1] for part in backup.manifest.parts if part.name != CLUSTER}
    taken = sorted(names & OWN_ENTRIES)
    if taken:
        raise StartRefused(
            f"{backup.file} has {taken[0]}, which a cluster keeps for itself: no `guildhall up` has it"
        )


@contextmanager
def _building(folder: Path) -> Generator[Path]:
    """The folder is locked and marked as half restored; what is in it after a failure is removed."""
    is_new = not folder.exists()
    building = folder / RESTORING
    with FolderLock(folder):
        refuse_occupied(folder)
        try:
            building.mkdir(mode=0o700)
            yield building
            shutil.rmtree(building)
        except BaseException as error:
            _clear(folder)
            if is_new:
                shutil.rmtree(folder, ignore_errors=True)
            if isinstance(error, OSError):
                raise StartRefused(f"cannot restore into {folder}: {error.strerror or error}") from None
            raise
        os.sync()


def _clear(folder: Path) -> None:
    for entry in folder.iterdir():
        if entry.name == LOCK_FILE:
            continue
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry, ignore_errors=True)
        else:
            entry.unlink(missing_ok=True)
