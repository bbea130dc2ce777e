"""What a user may do on a real broker, by trying it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, TopicPartition
from aiokafka.errors import GroupAuthorizationFailedError, TopicAuthorizationFailedError

from chassis.bus.kafka import KafkaAddress

UNSEEN_SECONDS = 5
REFUSED = (TopicAuthorizationFailedError, GroupAuthorizationFailedError)


@asynccontextmanager
async def producing(address: KafkaAddress) -> AsyncGenerator[AIOKafkaProducer]:
    producer = AIOKafkaProducer(**address.aiokafka(), request_timeout_ms=10_000)
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


async def may_write(address: KafkaAddress, topic: str) -> bool:
    async with producing(address) as producer:
        try:
            await producer.send_and_wait(topic, b"{}", b"x:test")
        except REFUSED:
            return False
        return True


async def may_read(address: KafkaAddress, topic: str) -> bool:
    consumer = AIOKafkaConsumer(**address.aiokafka(), request_timeout_ms=10_000, auto_offset_reset="earliest")
    await consumer.start()
    try:
        place = TopicPartition(topic, 0)
        consumer.assign([place])
        consumer.seek(place, 0)
        async with asyncio.timeout(UNSEEN_SECONDS):
            while consumer.highwater(place) is None:  # known by the first answer to a fetch
                await consumer.getmany(timeout_ms=100)
    except (*REFUSED, TimeoutError):  # who may not even see a topic is told that there is none
        return False
    else:
        return True
    finally:
        await consumer.stop()


async def may_join(address: KafkaAddress, group: str, topic: str = "guildhall.market.facts") -> bool:
    consumer = AIOKafkaConsumer(topic, **address.aiokafka(), request_timeout_ms=10_000, group_id=group)
    try:
        async with asyncio.timeout(20):
            await consumer.start()
    except REFUSED:
        return False
    else:
        return True
    finally:
        await consumer.stop()
