"""The kafka transport as the behaviour suite sees it: many processes, and a broker that can go away."""

from __future__ import annotations

import asyncio
from contextlib import AbstractAsyncContextManager
from typing import Any

from chassis.bus.kafka import KafkaAddress, KafkaTransport
from chassis.bus.transport import Transport
from chassis.clock import Clock
from chassis.ids import IdSource
from tests.support.kafka import GROUP_SESSION_MS, SMALL_CATALOGUE, KafkaOfSession


class KafkaBus:
    """The topics of one test. `process()` is a process' transport, with connections of its own."""

    def __init__(self, kafka: KafkaOfSession, address: KafkaAddress, clock: Clock) -> None:
        self.kafka = kafka
        self.address = address
        self._ids = IdSource(clock)
        self._opened: list[KafkaTransport] = []

    async def process(self, look_ms: int = 500) -> KafkaTransport:
        transport = KafkaTransport(
            self.address,
            self._ids.new(),
            look_ms=look_ms,
            session_ms=GROUP_SESSION_MS,
            catalogue=SMALL_CATALOGUE,
        )
        await transport.open()
        self._opened.append(transport)
        return transport

    async def kill(self, transport: Transport) -> None:
        """Its sockets end, and none is opened again: no word of farewell reaches the group."""
        assert isinstance(transport, KafkaTransport)
        self._opened.remove(transport)
        for subscription in transport._subscriptions:  # pyright: ignore[reportPrivateUsage]
            consumer = subscription._consumer  # pyright: ignore[reportPrivateUsage]
            if consumer is not None:
                _cut(consumer._client)  # pyright: ignore[reportPrivateUsage]
        writer = transport._writer  # pyright: ignore[reportPrivateUsage]
        producer = None if writer is None else writer._producer  # pyright: ignore[reportPrivateUsage]
        if producer is not None:
            _cut(producer.client)
        await transport.close()

    def away(self) -> AbstractAsyncContextManager[None]:
        return self.kafka.away()

    async def close(self) -> None:
        await asyncio.gather(*(transport.close() for transport in self._opened))


def _cut(client: Any) -> None:
    async def never(*_: object, **__: object) -> None:
        return None

    client._get_conn = never
    for connection in list(client._conns.values()):
        connection.close()
