"""The PostgreSQL of a deployment: launched here, or somebody else's by DATABASE_URL."""

from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit, urlunsplit

from guildhall.postgres.launcher import PostgresServer, ServerOptions
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import DatabaseRoles
from guildhall.settings import GuildhallSettings


class Cluster(Protocol):
    """What the runtime asks of a PostgreSQL."""

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def restart(self) -> None: ...

    def is_running(self) -> bool: ...

    def superuser_url(self, database: str = "postgres") -> str: ...

    def url(self, database: str, role: str, password: str) -> str: ...

    def described(self) -> str: ...


class LaunchedCluster:
    """Our own server in the data folder."""

    def __init__(self, folder: Path, passwords: Passwords, settings: GuildhallSettings) -> None:
        options = ServerOptions(
            connections=settings.database_connections_max,
            shared_buffers_mebibytes=settings.database_memory_mebibytes,
            start_timeout_seconds=settings.database_start_seconds,
        )
        self.server = PostgresServer(folder / "postgres", passwords.of("postgres"), options)

    def start(self) -> None:
        self.server.start()

    def stop(self) -> None:
        self.server.stop()

    def restart(self) -> None:
        self.server.restart()

    def is_running(self) -> bool:
        return self.server.is_running()

    def superuser_url(self, database: str = "postgres") -> str:
        return self.server.url(database)

    def url(self, database: str, role: str, password: str) -> str:
        return self.server.url(database, role, password)

    def described(self) -> str:
        return f"its own PostgreSQL {self.server.version} on 127.0.0.1:{self.server.port}"


class ExternalCluster:
    """A server that others start and stop."""

    def __init__(self, superuser_url: str) -> None:
        self._parts = urlsplit(superuser_url)

    def start(self) -> None:
        """Runs already."""

    def stop(self) -> None:
        """Goes on running."""

    def restart(self) -> None:
        """Not ours to restart: the pools connect again when it is back."""

    def is_running(self) -> bool:
        return True

    def superuser_url(self, database: str | None = None) -> str:
        path = f"/{database}" if database and database != "postgres" else self._parts.path
        return urlunsplit(self._parts._replace(path=path))

    def url(self, database: str, role: str, password: str) -> str:
        place = self._parts.netloc.rpartition("@")[2]
        netloc = f"{quote(role)}:{quote(password, safe='')}@{place}"
        return urlunsplit(self._parts._replace(netloc=netloc, path=f"/{database}"))

    def described(self) -> str:
        return f"the PostgreSQL of DATABASE_URL ({self._parts.netloc.rpartition('@')[2]})"


def cluster_of(
    folder: Path, passwords: Passwords, settings: GuildhallSettings
) -> LaunchedCluster | ExternalCluster:
    if settings.database_url is not None:
        return ExternalCluster(settings.database_url.get_secret_value())
    return LaunchedCluster(folder, passwords, settings)


def service_urls(cluster: Cluster, passwords: Passwords, service: str) -> tuple[str, str]:
    """The service's database as its run-time role, and as its owner."""
    roles = DatabaseRoles.of(service)
    runner = cluster.url(roles.database, roles.runner, passwords.of(roles.runner))
    return runner, cluster.url(roles.database, roles.owner, passwords.of(roles.owner))
