"""A publisher on the session's broker; identity is what a test says of charters."""

import asyncio
from collections.abc import AsyncGenerator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import orjson
from aiokafka import AIOKafkaConsumer, ConsumerRecord, TopicPartition

from chassis.bus.envelope import Envelope, source_of
from chassis.bus.kafka import KafkaTransport
from chassis.clock import ManualClock
from chassis.ids import IdSource
from events.catalogue import CATALOGUE
from events.schemas_generator import schema_of
from guildhall.publisher import PUBLISHER
from guildhall.publisher.app import published
from guildhall.publisher.settings import PublisherSettings
from guildhall.publisher.topics import topic_of
from guildhall.reading_settings import read_settings
from tests.support.kafka import KafkaOfSession
from tests.wire.examples import example_of

QUICK: Mapping[str, Any] = {"charter_age_max_ms": 1, "retry_max_seconds": 1, "topics_look_seconds": 1}
WAIT_SECONDS = 60


@dataclass
class Reply:
    """As identity answers."""

    status_code: int
    content: bytes


@dataclass
class Identity:
    """`parameters` by union; a union that is not there is not known."""

    parameters: dict[UUID, dict[str, str]] = field(default_factory=dict[UUID, dict[str, str]])
    status: int = 200
    asked_count: int = 0

    async def request(
        self,
        method: str,
        url: str,
        *,
        content: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        timeout: float | None = None,
    ) -> Reply:
        self.asked_count += 1
        union_id = UUID(url.removeprefix("/v1/unions/").removesuffix("/charter"))
        found = self.parameters.get(union_id)
        if self.status == 200 and found is None:
            return Reply(404, b"{}")
        return Reply(self.status, orjson.dumps({"document": {"parameters": found}}))


class Bus:
    """Services that append, each as itself; and what is in a public topic."""

    def __init__(self, house: KafkaOfSession, clock: ManualClock, ids: IdSource) -> None:
        self.house = house
        self.ids = ids
        self._clock = clock
        self._sequence = 0

    def event(self, event_type: str, union_id: UUID, **changed: object) -> Envelope:
        kind = CATALOGUE[event_type]
        event = kind.model_validate({**example_of(schema_of(kind)), "union_id": union_id, **changed})
        self._sequence += 1
        return Envelope(
            id=self.ids.new(),
            source=source_of(kind.declaration.publisher),
            type=event_type,
            key=event.key(),
            time=self._clock.now(),
            data=event.model_dump_json().encode(),
            is_state=kind.declaration.retention_days is None,
            sequence=self._sequence,
        )

    async def append(self, *events: Envelope) -> None:
        """In this order: one after the other where their publishers differ."""
        for event in events:
            transport = KafkaTransport(
                self.house.address(CATALOGUE[event.type].declaration.publisher), self.ids.new()
            )
            await transport.open()
            try:
                await transport.append([event])
            finally:
                await transport.close()

    async def public(self, union_id: UUID, count: int) -> Sequence[ConsumerRecord[bytes, bytes]]:
        """The first records of a union's topic, so many of them."""
        address = self.house.address()
        place = TopicPartition(topic_of(address.prefix, union_id), 0)
        reader = AIOKafkaConsumer(**address.aiokafka(), auto_offset_reset="earliest")
        await reader.start()
        try:
            found: list[ConsumerRecord[bytes, bytes]] = []
            async with asyncio.timeout(WAIT_SECONDS):
                while place.topic not in await reader.topics():  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
                reader.assign([place])
                while len(found) < count:
                    found += (await reader.getmany(timeout_ms=100)).get(place, [])
            return found
        finally:
            await reader.stop()

    async def ids_of(self, union_id: UUID, count: int) -> list[str]:
        return [dict(record.headers)["ce_id"].decode() for record in await self.public(union_id, count)]


@asynccontextmanager
async def publisher(bus: Bus, identity: Identity, **settings: Any) -> AsyncGenerator[httpx.AsyncClient]:
    """It runs while entered; asks of how it is are answered."""
    url = bus.house.kafka.url(PUBLISHER, bus.house.passwords.of(PUBLISHER))
    given = read_settings(PublisherSettings, None, bus_url=url, **{**QUICK, **settings})
    async with published(given, 14, identity, bus.ids.new()) as application:
        transport = httpx.ASGITransport(application)
        async with httpx.AsyncClient(transport=transport, base_url="http://publisher") as client:
            yield client


async def until_ready(client: httpx.AsyncClient, status: int = 200) -> dict[str, Any]:
    async with asyncio.timeout(WAIT_SECONDS):
        while (answer := await client.get("/readyz")).status_code != status:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return answer.json()
