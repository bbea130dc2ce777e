"""`guildhall serve NAME`: one process of one service, until it is told to stop."""

import socket
from collections.abc import AsyncGenerator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
from fastapi import FastAPI
from sqlalchemy.exc import DBAPIError
from starlette.types import ASGIApp

from chassis.background import Background
from chassis.bus.postgres.housekeeping import keep_log
from chassis.clock import SystemClock
from chassis.telemetry.logs import configure_logs
from chassis.telemetry.tracing import tracing
from guildhall import VERSION
from guildhall.distributed.process import SERVED, ProcessPlan, joined
from guildhall.embedded.deployment import LOG_KEPT_EVERY_SECONDS
from guildhall.embedded.listening import listening_sockets
from guildhall.environment_example import refuse_unknown_settings
from guildhall.refusals import StartRefused
from guildhall.serving import run, serve_application
from guildhall.settings import ENVIRONMENT_FILE, GuildhallSettings


def serve(name: str, settings: GuildhallSettings) -> None:
    """Returns when told to stop by SIGTERM or Ctrl-C. Raises StartRefused."""
    if name not in SERVED:
        raise StartRefused(f"there is no service {name}: {', '.join(SERVED)} are")
    configure_logs(settings.log_level)
    refuse_unknown_settings(Path(ENVIRONMENT_FILE))
    sockets = listening_sockets(settings.listen_address, settings.port)
    with tracing(settings.otel_exporter_otlp_endpoint, VERSION):
        run(_serve(ProcessPlan(name, SystemClock(), ENVIRONMENT_FILE), settings, sockets))


async def _serve(plan: ProcessPlan, settings: GuildhallSettings, sockets: list[socket.socket]) -> None:
    address = f"http://{settings.listen_address}:{settings.port}"
    try:
        async with joined(plan) as application, _kept_log(plan, settings):
            said = "\n".join(
                [f"{plan.name} serves at {address}", *(f"  off      {off}" for off in _off(application))]
            )
            await serve_application(application, settings, sockets, said)
    except (OSError, DBAPIError, asyncpg.PostgresError) as error:
        raise StartRefused(f"{plan.name} cannot start: {error}") from None


def _off(application: ASGIApp) -> Sequence[str]:
    """What a service does not have, and how to turn it on."""
    return application.state.chassis.parts.off if isinstance(application, FastAPI) else ()


@asynccontextmanager
async def _kept_log(plan: ProcessPlan, settings: GuildhallSettings) -> AsyncGenerator[None]:
    """The days of a log on PostgreSQL are made and dropped by whoever may; several may at once."""
    background = Background("bus")
    if settings.bus_owner_url is not None:
        owner_url = settings.bus_owner_url.get_secret_value()
        background.every(
            LOG_KEPT_EVERY_SECONDS, "log", lambda: keep_log(owner_url, plan.clock, settings.bus_kept_days)
        )
    try:
        yield
    finally:
        await background.stop()
