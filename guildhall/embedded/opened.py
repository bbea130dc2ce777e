"""The databases of a data folder for whoever reads them beside or without a running Guildhall."""

from collections.abc import Generator, Mapping
from contextlib import ExitStack, contextmanager
from pathlib import Path

from guildhall.data_folder import refuse_unfit
from guildhall.embedded.cluster import ExternalCluster, LaunchedCluster, cluster_of
from guildhall.embedded.folder_lock import FolderLock
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.postmaster import read_postmaster_file
from guildhall.postgres.roles import BUS, SERVICES, DatabaseRoles
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings

PASSWORDS_FILE = Path("secrets") / "database-passwords.json"
KAFKA_URL_FILE = Path("secrets") / "kafka-url"
KAFKA_EXTERNAL_FILE = Path("secrets") / "kafka-external"


@contextmanager
def opened_databases(settings: GuildhallSettings) -> Generator[Mapping[str, str]]:
    """The superuser's address of every service's database and the bus'. Raises StartRefused."""
    with opened_cluster(settings) as (cluster, _):
        yield superuser_urls(cluster)


@contextmanager
def opened_cluster(
    settings: GuildhallSettings,
) -> Generator[tuple[LaunchedCluster | ExternalCluster, Passwords]]:
    """The PostgreSQL of a data folder, and the passwords of its roles. Raises StartRefused.

    A Guildhall that serves the folder goes on; where none does, its PostgreSQL runs for as long as this.
    """
    folder = settings.folder.absolute()
    if not (folder / PASSWORDS_FILE).exists():
        raise StartRefused(f"{folder} is no data folder of Guildhall: name one with --data DIR")
    refuse_unfit(folder)
    passwords = Passwords(folder / PASSWORDS_FILE)
    cluster = cluster_of(folder, passwords, settings)
    with ExitStack() as stack:
        try:
            stack.enter_context(FolderLock(folder))
        except StartRefused:
            _join_running(cluster)
        else:
            stack.callback(cluster.stop)
            cluster.start()
        yield cluster, passwords


def superuser_urls(cluster: "LaunchedCluster | ExternalCluster") -> dict[str, str]:
    """By service, and the bus'."""
    return {
        service: cluster.superuser_url(DatabaseRoles.of(service).database) for service in (*SERVICES, BUS)
    }


def _join_running(cluster: "LaunchedCluster | ExternalCluster") -> None:
    if isinstance(cluster, LaunchedCluster):
        seen = read_postmaster_file(cluster.server.cluster)
        if seen is None or seen.port is None:
            raise StartRefused("the Guildhall that holds this folder has not started its database: try again")
        cluster.server.port = seen.port
