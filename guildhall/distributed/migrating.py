"""`guildhall migrate --network`: databases, roles, schemas and the bus, before anything serves."""

from pathlib import Path

import asyncpg

from chassis.migrations import migrate_service
from chassis.telemetry.logs import configure_logs
from guildhall.embedded.cluster import ExternalCluster, service_urls
from guildhall.embedded.opened import PASSWORDS_FILE
from guildhall.embedded.schemas import schema_of
from guildhall.kafka.settings import KafkaSettings
from guildhall.postgres.passwords import Passwords
from guildhall.postgres.roles import BUS, SERVICES, prepare_cluster
from guildhall.reading_settings import read_settings
from guildhall.refusals import StartRefused
from guildhall.serving import run
from guildhall.settings import ENVIRONMENT_FILE, GuildhallSettings


def migrate_network(settings: GuildhallSettings) -> None:
    """On the servers of DATABASE_URL and KAFKA_BOOTSTRAP; without the latter the bus is on PostgreSQL.

    Raises StartRefused.
    """
    configure_logs(settings.log_level)
    if settings.database_url is None:
        raise StartRefused("DATABASE_URL: the PostgreSQL of the deployment, as its superuser")
    passwords = _passwords(settings.folder)
    kafka = read_settings(KafkaSettings, ENVIRONMENT_FILE)
    cluster = ExternalCluster(settings.database_url.get_secret_value())
    run(_migrate(cluster, passwords))
    if kafka.bootstrap is not None:
        from guildhall.kafka.provision import Provision, provision

        for change in provision(Provision(kafka.bootstrap.get_secret_value(), passwords.of, kafka)):
            print(change, flush=True)


def _passwords(folder: Path) -> Passwords:
    if not (folder / PASSWORDS_FILE).exists():
        raise StartRefused(f"{folder / PASSWORDS_FILE} is not there: guildhall secrets makes it")
    return Passwords(folder / PASSWORDS_FILE)


async def _migrate(cluster: ExternalCluster, passwords: Passwords) -> None:
    from chassis.bus.postgres.schema import migrate_bus

    try:
        await prepare_cluster(cluster.superuser_url(), passwords)
        await migrate_bus(service_urls(cluster, passwords, BUS)[1])
        for service in SERVICES:  # one after the other: Alembic's context is the process'
            await migrate_service(schema_of(service), service_urls(cluster, passwords, service)[1])
    except (OSError, asyncpg.PostgresError) as error:
        raise StartRefused(f"{cluster.described()} cannot be prepared: {error}") from None
