"""`guildhall up`: one process and its PostgreSQL on one data folder, from the lock to the last connection."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from chassis.clock import SystemClock
from chassis.telemetry.logs import configure_logs
from guildhall.embedded.announcement import announcement
from guildhall.embedded.cluster import Cluster, cluster_of, service_urls
from guildhall.embedded.deployment import DatabaseUrls, DeploymentPlan, migrate_all, running
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.listening import listening_sockets
from guildhall.embedded.opened import PASSWORDS_FILE
from guildhall.environment_example import refuse_unknown_settings
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, prepare_cluster
from guildhall.postgres.watch import keep_running
from guildhall.refusals import StartRefused
from guildhall.serving import run, serve_application
from guildhall.settings import ENVIRONMENT_FILE, GuildhallSettings


def serve(settings: GuildhallSettings) -> None:
    """Returns when told to stop by SIGTERM or Ctrl-C. Raises StartRefused."""
    configure_logs(settings.log_level)
    refuse_unknown_settings(Path(ENVIRONMENT_FILE))
    folder = settings.folder.absolute()
    with FolderLock(folder):
        sockets = listening_sockets(settings.listen_address, settings.port)
        with _started_cluster(folder, settings) as (cluster, passwords):
            run(_serve(settings, folder, cluster, passwords, sockets))


def migrate_only(settings: GuildhallSettings) -> None:
    """Databases, roles and schemas as a start leaves them. Raises StartRefused."""
    configure_logs(settings.log_level)
    folder = settings.folder.absolute()
    with FolderLock(folder), _started_cluster(folder, settings) as (cluster, passwords):
        plan = _plan(settings, folder, cluster, passwords)
        run(_prepare(plan, cluster, passwords))


@contextmanager
def _started_cluster(folder: Path, settings: GuildhallSettings) -> Generator[tuple[Cluster, Passwords]]:
    passwords = Passwords(folder / PASSWORDS_FILE)
    cluster = cluster_of(folder, passwords, settings)
    try:
        cluster.start()
        yield cluster, passwords
    finally:
        cluster.stop()


def _plan(
    settings: GuildhallSettings, folder: Path, cluster: Cluster, passwords: Passwords
) -> DeploymentPlan:
    databases = {
        service: DatabaseUrls(*service_urls(cluster, passwords, service)) for service in (*SERVICES, BUS)
    }
    return DeploymentPlan(
        databases=databases,
        keys_folder=folder / "secrets",
        public_url=settings.public_url or f"http://localhost:{settings.port}",
        clock=SystemClock(),
        bus_kept_days=settings.bus_kept_days,
        environment_file=ENVIRONMENT_FILE,
    )


async def _prepare(plan: DeploymentPlan, cluster: Cluster, passwords: Passwords) -> None:
    try:
        await prepare_cluster(cluster.superuser_url(), passwords)
    except (OSError, asyncpg.PostgresError) as error:
        raise StartRefused(f"{cluster.described()} cannot be prepared: {error}") from None
    await migrate_all(plan)


async def _serve(
    settings: GuildhallSettings,
    folder: Path,
    cluster: Cluster,
    passwords: Passwords,
    sockets: list[socket.socket],
) -> None:
    plan = _plan(settings, folder, cluster, passwords)
    await _prepare(plan, cluster, passwords)
    async with running(plan) as deployment, _watched(cluster, settings):
        said = announcement(plan.public_url, folder, cluster.described(), settings)
        await serve_application(deployment.gateway, settings, sockets, said)


@asynccontextmanager
async def _watched(cluster: Cluster, settings: GuildhallSettings) -> AsyncGenerator[None]:
    watching = asyncio.create_task(keep_running(cluster, settings.database_watch_ms / 1_000))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
