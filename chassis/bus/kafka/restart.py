"""Takes a group back to the beginning of what its topics keep.

The cluster takes offsets from outside a group only while the group has no member. A group that stopped below
the low-water mark has none: its replicas leave it, and come back to look.
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import CommitFailedError

from chassis.bus.kafka.link import start, stop_within

if TYPE_CHECKING:
    from chassis.bus.kafka.link import KafkaLink

TRIES_SECONDS = 15.0
PAUSE_SECONDS = 0.1


class GroupHasReplicas(Exception):
    """The group cannot begin again while replicas of it read."""

    def __init__(self, group: str) -> None:
        super().__init__(f"group {group} has replicas that read: stop its service, then restart the group")
        self.group = group


async def restart(link: KafkaLink, group: str) -> None:
    """Raises GroupHasReplicas."""
    names = list(link.topics.by_name)
    counting = link.consumer(*names)
    await start(counting)
    try:
        places = sorted(counting.assignment())
        begins = await counting.beginning_offsets(places)
    finally:
        await stop_within(counting)
    outsider = link.consumer(group=group)
    outsider.assign(places)
    await start(outsider)
    try:
        stored = await asyncio.gather(*(outsider.committed(place) for place in places))
        known = {
            place: begins[place] for place, stand in zip(places, stored, strict=True) if stand is not None
        }
        await _commit(outsider, known, group)
    finally:
        await stop_within(outsider)


async def _commit(outsider: AIOKafkaConsumer, stands: dict[TopicPartition, int], group: str) -> None:
    deadline = asyncio.get_running_loop().time() + TRIES_SECONDS
    while stands:
        try:
            await outsider.commit(stands)
            return
        except CommitFailedError:
            if asyncio.get_running_loop().time() > deadline:
                raise GroupHasReplicas(group) from None
            await asyncio.sleep(PAUSE_SECONDS)
