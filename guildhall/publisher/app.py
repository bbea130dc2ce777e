"""The publisher joined: its loop, and an application that says how it is."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING
from uuid import UUID

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from chassis.address_ranges import read_networks
from chassis.background import Background
from chassis.bus.kafka import KafkaAddress, KafkaAddressWrong, KafkaTransport
from chassis.bus.kafka.link import KafkaLink
from chassis.bus.kafka.topics import Topics
from chassis.bus.kafka.writer import Writer
from chassis.telemetry.metrics import metrics, ready
from events.catalogue import CATALOGUE
from guildhall.publisher import PUBLISHER
from guildhall.publisher.charters import Charters
from guildhall.publisher.publishing import Publishing
from guildhall.publisher.topics import PublicTopics
from guildhall.refusals import StartRefused

if TYPE_CHECKING:
    from starlette.types import ASGIApp

    from chassis.peers import PeerClient
    from guildhall.publisher.settings import PublisherSettings

_LOOK_SECONDS = 2.0
_SESSION_MS = 10_000


@asynccontextmanager
async def published(
    settings: PublisherSettings, public_kept_days: int, identity: PeerClient, process_id: UUID
) -> AsyncGenerator[ASGIApp]:
    """It publishes while this is entered. Raises StartRefused."""
    address = _address(settings)
    topics = Topics(address.prefix, CATALOGUE)
    link = KafkaLink(address, topics, f"guildhall-{PUBLISHER}-{process_id}", _LOOK_SECONDS, _SESSION_MS)
    bus, writer = KafkaTransport(address, process_id), Writer(link)
    public, charters = PublicTopics(address, settings, public_kept_days), Charters(identity, settings)
    publishing = Publishing(bus, topics, public, writer, charters, settings)
    background = Background(PUBLISHER)
    await bus.open()
    background.run("publishing", publishing.run())
    try:
        yield _application(publishing, settings)
    finally:
        await background.stop()
        await writer.close()
        await bus.close()


def _address(settings: PublisherSettings) -> KafkaAddress:
    url = settings.bus_url.get_secret_value()
    if not url.startswith("kafka://"):
        raise StartRefused(
            "BUS_URL: the publisher needs a bus on Kafka; without one, events are at /v1/events"
        )
    try:
        return KafkaAddress.read(url)
    except KafkaAddressWrong as error:
        raise StartRefused(f"BUS_URL: {error}") from None


def _application(publishing: Publishing, settings: PublisherSettings) -> Starlette:
    networks = read_networks(settings.metrics_networks)

    async def livez(_: Request) -> Response:
        return JSONResponse({"service": PUBLISHER, "alive": True})

    async def readyz(_: Request) -> Response:
        faults = publishing.faults()
        ready.labels(service=PUBLISHER).set(0 if faults else 1)
        body = {"service": PUBLISHER, "ready": not faults, "faults": faults, "warnings": []}
        return JSONResponse(body, status_code=503 if faults else 200)

    async def figures(request: Request) -> Response:
        return await metrics(request, networks)

    return Starlette(routes=[Route("/livez", livez), Route("/readyz", readyz), Route("/metrics", figures)])
