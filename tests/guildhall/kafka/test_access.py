"""Every forbidden write and read, tried against a real broker as the user who must not."""

# The client says its names in a list that type checkers do not see.
# pyright: reportPrivateImportUsage=false

from collections.abc import Callable
from typing import Any

import pytest
from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import (
    GroupAuthorizationFailedError,
    KafkaConnectionError,
    TopicAuthorizationFailedError,
)
from confluent_kafka import KafkaException
from confluent_kafka import TopicPartition as Place
from confluent_kafka.admin import (
    NewTopic,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from chassis.bus.envelope import Envelope
from chassis.bus.kafka import KafkaAddress, KafkaTransport
from chassis.bus.kafka.topics import Topics
from chassis.clock import ManualClock
from chassis.ids import IdSource
from events.catalogue import CATALOGUE
from guildhall.kafka.access import GATEWAY, PUBLISHER, USERS, Right
from guildhall.kafka.administration import administrator
from guildhall.postgres.roles import SERVICES
from tests.support.kafka import KafkaOfSession
from tests.support.kafka_rights import may_join, may_read, may_write, producing

pytestmark = pytest.mark.slow
INTERNAL = list(Topics("guildhall", CATALOGUE).by_name)
PUBLIC = "guildhall.public.weavers"


@pytest.fixture
def public_topic(house: KafkaOfSession) -> str:
    """A topic for integrators, with a record in it."""
    client = administrator(house.address())
    if PUBLIC not in client.list_topics(timeout=10).topics:
        client.create_topics([NewTopic(PUBLIC, num_partitions=1, replication_factor=1)])[PUBLIC].result()
    return PUBLIC


@pytest.fixture
def outsider(house: KafkaOfSession) -> KafkaAddress:
    """A user of the listener for integrators whom nobody allowed anything."""
    info: Any = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096)
    added: Any = [UserScramCredentialUpsertion("outsider", info, b"secret")]
    operator = administrator(house.address())
    for future in operator.alter_user_scram_credentials(added).values():
        future.result(timeout=30)
    return KafkaAddress.read(house.kafka.external_url("outsider", "secret"))


@pytest.mark.parametrize("user", USERS)
async def test_only_its_publisher_writes_an_internal_topic(house: KafkaOfSession, user: str) -> None:
    allowed = {topic for topic in INTERNAL if await may_write(house.address(user), topic)}
    assert allowed == {topic for topic in INTERNAL if topic.split(".")[1] == user}
    assert bool(allowed) == (user in SERVICES)


@pytest.mark.parametrize("user", USERS)
async def test_the_house_reads_every_internal_topic(house: KafkaOfSession, user: str) -> None:
    assert [topic for topic in INTERNAL if not await may_read(house.address(user), topic)] == []


@pytest.mark.parametrize("user", USERS)
async def test_public_topics_are_written_by_the_publisher_alone(
    house: KafkaOfSession, public_topic: str, user: str
) -> None:
    assert await may_write(house.address(user), public_topic) == (user == PUBLISHER)


async def test_the_publisher_makes_no_topic_of_another_name(house: KafkaOfSession) -> None:
    assert not await may_write(house.address(PUBLISHER), "guildhall.publicity")


@pytest.mark.parametrize("user", USERS)
async def test_a_user_joins_no_group_but_its_own(house: KafkaOfSession, user: str) -> None:
    groups = [f"guildhall.{name}" for name in (*USERS, f"{user}ing")]
    joined = {group for group in groups if await may_join(house.address(user), group)}
    assert joined == (set() if user == GATEWAY else {f"guildhall.{user}"})


async def test_a_user_may_have_groups_below_its_own(house: KafkaOfSession) -> None:
    assert await may_join(house.address("market"), "guildhall.market.rebuild")


async def test_a_user_moves_no_offset_of_another_group(house: KafkaOfSession) -> None:
    consumer = AIOKafkaConsumer(**house.address("market").aiokafka(), group_id="guildhall.ledger")
    place = TopicPartition("guildhall.market.facts", 0)
    consumer.assign([place])
    await consumer.start()
    with pytest.raises(GroupAuthorizationFailedError):
        await consumer.commit({place: 0})
    await consumer.stop()


async def test_a_forged_union_is_refused(house: KafkaOfSession, clock: ManualClock, ids: IdSource) -> None:
    """Market's own transport, its own password, and an event that would mint money."""
    bus = KafkaTransport(house.address("market"), ids.new())
    await bus.open()
    forged = Envelope(
        id=ids.new(),
        source="/services/identity",
        type="union",
        key="forged",
        time=clock.now(),
        data=b"{}",
        is_state=True,
    )
    with pytest.raises(TopicAuthorizationFailedError):
        await bus.append([forged])
    await bus.append([forged._replace(source="/services/market", type="agreement.paid")])
    await bus.close()


@pytest.mark.parametrize("topic", ["guildhall.identity.states", "guildhall.ledger.facts", PUBLIC])
async def test_a_user_whom_nobody_allowed_anything_reads_writes_and_joins_nothing(
    outsider: KafkaAddress, public_topic: str, topic: str
) -> None:
    assert administrator(outsider).list_topics(timeout=10).topics == {}
    assert not await may_read(outsider, topic)
    assert not await may_write(outsider, topic)
    assert not await may_join(outsider, "guildhall.outsider", topic)


async def test_a_user_who_was_allowed_one_topic_reads_that_one(
    house: KafkaOfSession, outsider: KafkaAddress, public_topic: str
) -> None:
    operator = administrator(house.address())
    allowed = Right("outsider", "READ", "TOPIC", public_topic)
    for future in operator.create_acls([allowed.binding()]).values():
        future.result()
    try:
        assert await may_read(outsider, public_topic)
        assert not await may_read(outsider, "guildhall.identity.states")
        assert not await may_write(outsider, public_topic)
    finally:
        for future in operator.delete_acls([allowed.only()]).values():
            future.result()


async def _starts(address: KafkaAddress) -> None:
    async with producing(address):
        pass


@pytest.mark.parametrize("listener", ["internal", "external", "controller"])
async def test_without_credentials_or_with_wrong_ones_nobody_is_let_in(
    house: KafkaOfSession, listener: str
) -> None:
    port = getattr(house.kafka.ports[0], listener)
    with pytest.raises(KafkaConnectionError):
        await _starts(KafkaAddress.read(f"kafka://127.0.0.1:{port}"))
    for user in ("market", "operator", "nobody"):
        with pytest.raises(KafkaConnectionError):
            await _starts(KafkaAddress.read(f"kafka://{user}:wrong@127.0.0.1:{port}"))


def _administers(client: Any) -> dict[str, Callable[[], Any]]:
    info: Any = ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4_096)
    return {
        "makes a topic": lambda: client.create_topics([NewTopic("guildhall.market.new", 1, 1)]),
        "drops a topic": lambda: client.delete_topics(["guildhall.market.facts"]),
        "drops records": lambda: client.delete_records([Place("guildhall.market.facts", 0, 0)]),
        "gives rights": lambda: client.create_acls(
            [Right("market", "WRITE", "TOPIC", "guildhall.identity.states").binding()]
        ),
        "sets a password": lambda: client.alter_user_scram_credentials(
            [UserScramCredentialUpsertion("identity", info, b"known")]
        ),
        "drops a group": lambda: client.delete_consumer_groups(["guildhall.market"]),
    }


@pytest.mark.parametrize("act", sorted(_administers(None)))
def test_a_service_administers_nothing(house: KafkaOfSession, act: str) -> None:
    market = administrator(house.address("market"))
    futures = _administers(market)[act]()
    with pytest.raises(KafkaException, match=r"AUTHORIZATION_FAILED"):
        next(iter(futures.values())).result(timeout=30)
