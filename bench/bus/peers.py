"""What others make of the same events: NATS JetStream and aiokafka alone, without outbox, inbox, database."""

from __future__ import annotations

import asyncio
import importlib
import socket
import subprocess
import sys
import time
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from bench.bus.house import paid
from bench.gateway.served import free_port

if TYPE_CHECKING:
    from chassis.bus.kafka.address import KafkaAddress

UNDER_WAY_MAX = 500
PULLED_AT_ONCE = 500
READY_SECONDS_MAX = 20
NATS_SERVER = Path(sys.executable).with_name("nats-server")


async def jetstream(folder: Path, events_count: int) -> float | None:
    """Events a second through a stream kept in a file: published with acknowledgement, pulled, acknowledged.

    None where the group `bench` is not installed.
    """
    if not NATS_SERVER.exists():
        return None
    nats: Any = importlib.import_module("nats")  # of the group bench, which few have
    events = [_as_json(number) for number in range(events_count)]
    async with _nats_server(folder) as address:
        client: Any = await nats.connect(address)
        stream = client.jetstream()
        await stream.add_stream(name="events", subjects=["events"])
        subscription = await stream.pull_subscribe("events", durable="ledger")
        began = time.perf_counter()

        async def publish() -> None:
            for begin in range(0, events_count, UNDER_WAY_MAX):
                part = events[begin : begin + UNDER_WAY_MAX]
                await asyncio.gather(*(stream.publish("events", event) for event in part))

        publishing = asyncio.create_task(publish())
        pulled_count = 0
        while pulled_count < events_count:
            for message in await subscription.fetch(PULLED_AT_ONCE, timeout=30):
                await message.ack()
                pulled_count += 1
        await publishing
        took_seconds = time.perf_counter() - began
        await client.close()
    return events_count / took_seconds


async def aiokafka_alone(address: KafkaAddress, topic: str, partitions: int, events_count: int) -> float:
    """Events a second from one producer to one consumer of a topic, with the settings that ours has."""
    from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition

    options: dict[str, Any] = dict(address.aiokafka())
    events = [(paid(number).key().encode(), _as_json(number)) for number in range(events_count)]
    producer: Any = AIOKafkaProducer(**options, acks="all", enable_idempotence=True)
    consumer: Any = AIOKafkaConsumer(topic, **options, enable_auto_commit=False, auto_offset_reset="latest")
    await producer.start()
    await consumer.start()
    try:
        await consumer.seek_to_end(*(TopicPartition(topic, partition) for partition in range(partitions)))

        async def produce(part: list[tuple[bytes, bytes]]) -> None:
            for begin in range(0, len(part), UNDER_WAY_MAX):
                sent = [
                    await producer.send(topic, value, key=key)
                    for key, value in part[begin : begin + UNDER_WAY_MAX]
                ]
                await asyncio.gather(*sent)

        async def through(part: list[tuple[bytes, bytes]]) -> float:
            began = time.perf_counter()
            producing = asyncio.create_task(produce(part))
            read_count = 0
            while read_count < len(part):
                batches = await consumer.getmany(timeout_ms=1_000, max_records=PULLED_AT_ONCE)
                read_count += sum(len(records) for records in batches.values())
            await producing
            return time.perf_counter() - began

        await through(events[:UNDER_WAY_MAX])  # by now every partition's leader is known
        return events_count / await through(events)
    finally:
        await consumer.stop()
        await producer.stop()


def _as_json(number: int) -> bytes:
    return paid(number).model_dump_json().encode()


@asynccontextmanager
async def _nats_server(folder: Path) -> AsyncGenerator[str]:
    port = free_port()
    server = await asyncio.create_subprocess_exec(
        *(NATS_SERVER, "-a", "127.0.0.1", "-p", str(port), "-js", "-sd", folder),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        deadline = time.monotonic() + READY_SECONDS_MAX
        while not _listens(port):
            if time.monotonic() > deadline or server.returncode is not None:
                raise RuntimeError("nats-server did not start")
            await asyncio.sleep(0.05)
        yield f"nats://127.0.0.1:{port}"
    finally:
        server.terminate()
        await server.wait()


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(0.2)
        return probe.connect_ex(("127.0.0.1", port)) == 0
