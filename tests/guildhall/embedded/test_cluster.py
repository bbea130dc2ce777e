"""A PostgreSQL of one's own: Guildhall asks it for databases and roles, and starts or stops nothing."""

import tempfile
from collections.abc import Generator
from pathlib import Path

import asyncpg
import httpx
import pytest

from guildhall.embedded.cluster import ExternalCluster, service_urls
from guildhall.embedded.opened import opened_databases
from guildhall.postgres.launcher import PostgresServer, ServerOptions
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import prepare_cluster
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from guildhall.settings import GuildhallSettings
from tests.support.embedded import EmbeddedGuildhall


@pytest.fixture(scope="module")
def folder() -> Generator[Path]:
    with tempfile.TemporaryDirectory(prefix="guildhall-own-") as made:
        yield Path(made)


@pytest.fixture(scope="module")
def own_server(folder: Path) -> Generator[PostgresServer]:
    server = PostgresServer(folder / "postgres", "p@ss/word", ServerOptions(durable=False))
    server.start()
    yield server
    server.stop()


async def test_databases_and_roles_are_made_once_and_found_again(
    own_server: PostgresServer, folder: Path
) -> None:
    cluster = ExternalCluster(own_server.tcp_url("postgres"))
    for _ in range(2):
        passwords = Passwords(folder / "passwords.json")
        await prepare_cluster(cluster.superuser_url(), passwords)
        runner_url, owner_url = service_urls(cluster, passwords, "ledger")
        for url, role in ((runner_url, "ledger"), (owner_url, "ledger_owner")):
            connection = await asyncpg.connect(url)
            seen = await connection.fetchrow("SELECT current_user AS role, current_database() AS database")
            assert seen is not None and tuple(seen) == (role, "guildhall_ledger")
            await connection.close()


@pytest.mark.slow
def test_a_deployment_serves_on_it_and_leaves_it_running(own_server: PostgresServer, folder: Path) -> None:
    guildhall = EmbeddedGuildhall(folder / "home", DATABASE_URL=own_server.tcp_url("postgres"))
    with guildhall:
        assert "the PostgreSQL of DATABASE_URL" in guildhall.said()
        assert not (folder / "home" / "postgres").exists()
        assert httpx.get(f"{guildhall.url}/v1/unions").status_code == 200
    assert own_server.is_running()


@pytest.mark.slow
async def test_the_databases_of_a_folder_are_read_beside_a_running_guildhall_and_without_one(
    folder: Path,
) -> None:
    guildhall = EmbeddedGuildhall(folder / "read")
    settings = read_settings(GuildhallSettings, None, folder=folder / "read")
    guildhall.start()
    for still_serves in (True, False):
        with opened_databases(settings) as urls:
            connection = await asyncpg.connect(urls["market"])
            assert await connection.fetchval("SELECT count(*) FROM offers") == 0
            await connection.close()
        if still_serves:
            assert guildhall.is_running()
            guildhall.stop()


def test_a_folder_that_is_none_of_ours_is_named(tmp_path: Path) -> None:
    settings = read_settings(GuildhallSettings, None, folder=tmp_path)
    with pytest.raises(StartRefused, match="is no data folder of Guildhall"), opened_databases(settings):
        pass


@pytest.mark.slow
def test_a_database_that_does_not_answer_is_one_line(tmp_path: Path) -> None:
    guildhall = EmbeddedGuildhall(
        tmp_path / "home", DATABASE_URL="postgresql://postgres:x@127.0.0.1:9/postgres"
    )
    with pytest.raises(
        AssertionError, match=r"guildhall: the PostgreSQL of DATABASE_URL .* cannot be prepared"
    ):
        guildhall.start()
