"""A data folder in which a union lives: its cluster runs, its deployment serves in the test's process."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from chassis.clock import ManualClock
from guildhall.data_folder import write_release
from guildhall.embedded.cluster import LaunchedCluster, service_urls
from guildhall.embedded.deployment import DatabaseUrls, DeploymentPlan, migrate_all, running
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.opened import PASSWORDS_FILE
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, DatabaseRoles, prepare_cluster
from guildhall.reading_settings import read_settings
from guildhall.settings import GuildhallSettings
from tests.guildhall.audit.conftest import PATIENT
from tests.support.deployment import PUBLIC_URL, WholeDeployment, client_of
from tests.support.postgres import ServiceDatabase

NOON = datetime(2027, 3, 1, 12, tzinfo=UTC)


def settings_of(folder: Path) -> GuildhallSettings:
    """Of the folder, and of no file."""
    return read_settings(GuildhallSettings, None, folder=folder, database_memory_mebibytes=16)


@dataclass(slots=True)
class LivingHouse:
    """`deployment` serves the databases of `folder`, whose lock is held, as by a running Guildhall."""

    folder: Path
    deployment: WholeDeployment
    plan: DeploymentPlan

    @property
    def settings(self) -> GuildhallSettings:
        return settings_of(self.folder)


@asynccontextmanager
async def living_house(folder: Path, clock: ManualClock | None = None) -> AsyncGenerator[LivingHouse]:
    """Serves `folder` while entered; makes what is missing in it, goes on with what is there."""
    time = clock or ManualClock(NOON)
    passwords = Passwords(folder / PASSWORDS_FILE)
    cluster = LaunchedCluster(folder, passwords, settings_of(folder))
    with FolderLock(folder):
        cluster.start()
        try:
            await prepare_cluster(cluster.superuser_url(), passwords)
            plan = _plan(folder, cluster, passwords, time)
            await migrate_all(plan)
            write_release(folder)
            made = {name: _described(cluster, plan, name) for name in (*SERVICES, BUS)}
            async with running(plan) as deployment, client_of(deployment, PUBLIC_URL) as http:
                yield LivingHouse(folder, WholeDeployment(deployment, time, http, made), plan)
        finally:
            cluster.stop()


def _plan(folder: Path, cluster: LaunchedCluster, passwords: Passwords, clock: ManualClock) -> DeploymentPlan:
    return DeploymentPlan(
        databases={name: DatabaseUrls(*service_urls(cluster, passwords, name)) for name in (*SERVICES, BUS)},
        keys_folder=folder / "secrets",
        public_url=PUBLIC_URL,
        clock=clock,
        overrides=PATIENT,
    )


def _described(cluster: LaunchedCluster, plan: DeploymentPlan, name: str) -> ServiceDatabase:
    urls, database = plan.databases[name], DatabaseRoles.of(name).database
    return ServiceDatabase(name, database, urls.url, urls.owner_url, cluster.superuser_url(database))
