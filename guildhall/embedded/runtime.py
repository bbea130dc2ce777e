"""`guildhall up`: one process and its PostgreSQL on one data folder, from the lock to the last connection."""

import asyncio
import contextlib
import gc
import signal
import socket
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import asyncpg
import uvicorn

from chassis.clock import SystemClock
from chassis.telemetry.logs import configure_logs
from guildhall.embedded.announcement import announcement
from guildhall.embedded.cluster import Cluster, cluster_of, service_urls
from guildhall.embedded.deployment import DatabaseUrls, Deployment, DeploymentPlan, migrate_all, running
from guildhall.embedded.folder_lock import FolderLock
from guildhall.embedded.listening import listening_sockets
from guildhall.embedded.opened import PASSWORDS_FILE
from guildhall.environment_example import refuse_unknown_settings
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, prepare_cluster
from guildhall.postgres.watch import keep_running
from guildhall.refusals import StartRefused
from guildhall.settings import ENVIRONMENT_FILE, GuildhallSettings

COLLECTED_AFTER_OBJECTS = 10_000


def serve(settings: GuildhallSettings) -> None:
    """Returns when told to stop by SIGTERM or Ctrl-C. Raises StartRefused."""
    configure_logs(settings.log_level)
    refuse_unknown_settings(Path(ENVIRONMENT_FILE))
    folder = settings.folder.absolute()
    with FolderLock(folder):
        sockets = listening_sockets(settings.listen_address, settings.port)
        with _started_cluster(folder, settings) as (cluster, passwords):
            _run(_serve(settings, folder, cluster, passwords, sockets))


def migrate_only(settings: GuildhallSettings) -> None:
    """Databases, roles and schemas as a start leaves them. Raises StartRefused."""
    configure_logs(settings.log_level)
    folder = settings.folder.absolute()
    with FolderLock(folder), _started_cluster(folder, settings) as (cluster, passwords):
        plan = _plan(settings, folder, cluster, passwords)
        _run(_prepare(plan, cluster, passwords))


@contextmanager
def _started_cluster(folder: Path, settings: GuildhallSettings) -> Generator[tuple[Cluster, Passwords]]:
    passwords = Passwords(folder / PASSWORDS_FILE)
    cluster = cluster_of(folder, passwords, settings)
    try:
        cluster.start()
        yield cluster, passwords
    finally:
        cluster.stop()


def _run(work: Coroutine[Any, Any, None]) -> None:
    try:
        import uvloop
    except ImportError:
        asyncio.run(work)
    else:
        uvloop.run(work)


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
        server = _Server(_configuration(deployment, settings), said, deployment.gateway.stop_streams)
        loop = asyncio.get_running_loop()
        for number in (signal.SIGTERM, signal.SIGINT):
            loop.add_signal_handler(number, server.handle_exit, number, None)
        # What start-up made lives as long as the process: the collector need not look at it again, and what
        # requests make is freed by reference counts nearly always.
        gc.collect()
        gc.freeze()
        gc.set_threshold(COLLECTED_AFTER_OBJECTS, 20, 20)
        await server.serve(sockets)


def _configuration(deployment: Deployment, settings: GuildhallSettings) -> uvicorn.Config:
    return uvicorn.Config(
        deployment.gateway,
        lifespan="off",
        http="httptools",
        ws="none",
        log_config=None,
        access_log=False,
        proxy_headers=False,
        server_header=False,
        timeout_graceful_shutdown=settings.shutdown_seconds,
    )


class _Server(uvicorn.Server):
    """Signals are the runtime's: uvicorn would raise them again before the database is stopped."""

    def __init__(
        self, configuration: uvicorn.Config, said_when_ready: str, when_told_to_stop: Callable[[], None]
    ) -> None:
        super().__init__(configuration)
        self._said_when_ready = said_when_ready
        self._when_told_to_stop = when_told_to_stop

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        self._when_told_to_stop()
        await super().shutdown(sockets)

    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None]:
        yield

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        print(self._said_when_ready, flush=True)


@asynccontextmanager
async def _watched(cluster: Cluster, settings: GuildhallSettings) -> AsyncGenerator[None]:
    watching = asyncio.create_task(keep_running(cluster, settings.database_watch_ms / 1_000))
    try:
        yield
    finally:
        watching.cancel()
        await asyncio.gather(watching, return_exceptions=True)
