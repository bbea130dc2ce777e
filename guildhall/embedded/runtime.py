"""`guildhall up`: one process and its PostgreSQL on one data folder, from the lock to the last connection."""

import asyncio
import socket
from collections.abc import AsyncGenerator, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

import asyncpg

from chassis.clock import SystemClock
from chassis.telemetry.logs import configure_logs
from chassis.telemetry.tracing import tracing
from guildhall import VERSION
from guildhall.data_folder import refuse_unfit, write_release
from guildhall.devnet.launcher import keep_devnet
from guildhall.embedded.announcement import announcement
from guildhall.embedded.chain import Chain, started_chain
from guildhall.embedded.cluster import Cluster, cluster_of, service_urls
from guildhall.embedded.deployment import DatabaseUrls, DeploymentPlan, migrate_all, running
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.listening import listening_sockets
from guildhall.embedded.opened import PASSWORDS_FILE
from guildhall.embedded.schema_versions import found_schemas
from guildhall.embedded.schemas import read_ahead
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
    with FolderLock(folder), tracing(settings.otel_exporter_otlp_endpoint, VERSION):
        sockets = listening_sockets(settings.listen_address, settings.port)
        read_ahead()
        with (
            started_cluster(folder, settings) as (cluster, passwords),
            started_chain(folder, settings) as chain,
        ):
            run(_serve(settings, folder, cluster, passwords, chain, sockets))


def migrate_only(settings: GuildhallSettings) -> None:
    """Databases, roles and schemas as a start leaves them. Raises StartRefused."""
    configure_logs(settings.log_level)
    folder = settings.folder.absolute()
    with FolderLock(folder), started_cluster(folder, settings) as (cluster, passwords):
        plan = plan_of(settings, folder, cluster, passwords)
        run(prepare(plan, folder, cluster, passwords))


@contextmanager
def started_cluster(folder: Path, settings: GuildhallSettings) -> Generator[tuple[Cluster, Passwords]]:
    """Its PostgreSQL runs while entered. The caller holds the folder's lock. Raises StartRefused."""
    refuse_unfit(folder)
    passwords = Passwords(folder / PASSWORDS_FILE)
    cluster = cluster_of(folder, passwords, settings)
    try:
        cluster.start()
        yield cluster, passwords
    finally:
        cluster.stop()


def plan_of(
    settings: GuildhallSettings,
    folder: Path,
    cluster: Cluster,
    passwords: Passwords,
    chain: Chain | None = None,
) -> DeploymentPlan:
    secrets = folder / "secrets"
    databases = {
        service: DatabaseUrls(*service_urls(cluster, passwords, service)) for service in (*SERVICES, BUS)
    }
    return DeploymentPlan(
        databases=databases,
        keys_folder=secrets,
        public_url=settings.public_url or f"http://localhost:{settings.port}",
        clock=SystemClock(),
        bus_kept_days=settings.bus_kept_days,
        environment_file=ENVIRONMENT_FILE,
        overrides={} if chain is None else chain.settings_of_services(secrets),
    )


async def prepare(plan: DeploymentPlan, folder: Path, cluster: Cluster, passwords: Passwords) -> None:
    try:
        await prepare_cluster(cluster.superuser_url(), passwords)
    except (OSError, asyncpg.PostgresError) as error:
        raise StartRefused(f"{cluster.described()} cannot be prepared: {error}") from None
    await found_schemas({service: urls.owner_url for service, urls in plan.databases.items()})
    await migrate_all(plan)
    write_release(folder)


async def _serve(
    settings: GuildhallSettings,
    folder: Path,
    cluster: Cluster,
    passwords: Passwords,
    chain: Chain,
    sockets: list[socket.socket],
) -> None:
    plan = plan_of(settings, folder, cluster, passwords, chain)
    await prepare(plan, folder, cluster, passwords)
    async with running(plan) as deployment, _watched(cluster, chain, settings):
        said = announcement(plan.public_url, folder, cluster.described(), chain, settings, deployment.off)
        await serve_application(deployment.gateway, settings, sockets, said)


@asynccontextmanager
async def _watched(cluster: Cluster, chain: Chain, settings: GuildhallSettings) -> AsyncGenerator[None]:
    watching = [asyncio.create_task(keep_running(cluster, settings.database_watch_ms / 1_000))]
    if chain.devnet is not None:
        watching.append(asyncio.create_task(keep_devnet(chain.devnet)))
    try:
        yield
    finally:
        for task in watching:
            task.cancel()
        await asyncio.gather(*watching, return_exceptions=True)
