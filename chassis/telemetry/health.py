"""Whether the process lives, whether it is ready to serve, and its metrics."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import asyncpg
from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse

from chassis.address_ranges import read_networks
from chassis.telemetry.metrics import metrics, ready

if TYPE_CHECKING:
    from chassis.service import Chassis

DATABASE_WAIT_SECONDS = 2


def health_router(chassis: Chassis) -> APIRouter:
    """`/livez`, `/readyz`, `/metrics`; outside the public API."""
    router = APIRouter(include_in_schema=False)

    @router.get("/livez")
    async def livez() -> Response:
        return JSONResponse({"service": chassis.service, "alive": True})

    @router.get("/readyz")
    async def readyz() -> Response:
        faults = await unready(chassis)
        ready.labels(chassis.service).set(0 if faults else 1)
        body = {"service": chassis.service, "ready": not faults, "faults": faults}
        return JSONResponse(body, status_code=503 if faults else 200)

    networks = read_networks(chassis.settings.metrics_networks)

    @router.get("/metrics")
    async def figures(request: Request) -> Response:
        return await metrics(request, networks)

    return router


async def unready(chassis: Chassis) -> list[str]:
    """What keeps the service from being ready; empty when nothing does."""
    faults: list[str] = []
    try:
        async with asyncio.timeout(DATABASE_WAIT_SECONDS):
            pool = chassis.database.hot_reads()
            await pool.fetchval("SELECT 1")
    except (
        TimeoutError,
        OSError,
        asyncpg.PostgresError,
        asyncpg.InterfaceError,
        asyncpg.InternalClientError,
    ) as error:
        faults.append(f"database: {error!r}")
    faults += chassis.runner.faults()
    return faults
