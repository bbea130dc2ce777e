"""Brings a cluster to what the catalogue and the table of rights say. Repeating it changes nothing."""

# The client says its names in a list that type checkers do not see.
# pyright: reportPrivateImportUsage=false

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from confluent_kafka import KafkaError, KafkaException
from confluent_kafka.admin import (
    AdminClient,
    AlterConfigOpType,
    ConfigEntry,
    ConfigResource,
    NewTopic,
    ScramCredentialInfo,
    ScramMechanism,
    UserScramCredentialUpsertion,
)

from chassis.bus.kafka.address import KafkaAddress, KafkaAddressWrong
from chassis.bus.kafka.topics import Topic, Topics
from events.catalogue import CATALOGUE
from events.declaration import Event
from guildhall.kafka.access import USERS, Right, all_rights_of, rights_of_the_house
from guildhall.kafka.administration import ANSWER_SECONDS, administrator, takes_password
from guildhall.kafka.settings import KafkaSettings
from guildhall.refusals import StartRefused

DAY_MS = 86_400_000
SCRAM_ITERATIONS = 8_192
_OFFSETS_RETENTION = "offsets.retention.minutes"


@dataclass(frozen=True, slots=True)
class Provision:
    """What a cluster is brought to. `password_of` gives each user's from the deployment's secrets."""

    operator_url: str
    password_of: Callable[[str], str]
    settings: KafkaSettings
    users: tuple[str, ...] = USERS
    catalogue: Mapping[str, type[Event]] = field(default_factory=lambda: CATALOGUE)


def provision(wanted: Provision) -> list[str]:
    """Make or mend topics, users and rights; returns a line for each change. Raises StartRefused."""
    try:
        address = KafkaAddress.read(wanted.operator_url)
        client = administrator(address)
        topics = Topics(address.prefix, wanted.catalogue)
        return [
            *keep_topics(client, topics, wanted.settings),
            *_keep_users(client, address, wanted),
            *_keep_rights(client, topics, wanted.users),
        ]
    except KafkaAddressWrong as error:
        raise StartRefused(str(error)) from None
    except KafkaException as error:
        reason = error.args[0].str() if error.args and isinstance(error.args[0], KafkaError) else str(error)
        raise StartRefused(f"Kafka cannot be prepared: {reason}") from None


def topic_configuration(topic: Topic, settings: KafkaSettings) -> dict[str, str]:
    """How a topic keeps its records.

    The broker's clock dates them: a publisher's could have them dropped at once, or never. States are kept
    whole for as long as facts, and then the newest of each key: a tail misses nothing within that time.
    """
    kept_days = max(settings.facts_kept_days, topic.retention_days or 0)
    common = {
        "message.timestamp.type": "LogAppendTime",
        "min.insync.replicas": str(settings.in_sync_replicas_min),
        "segment.ms": str(DAY_MS),
    }
    if topic.is_states:
        return common | {"cleanup.policy": "compact", "min.compaction.lag.ms": str(kept_days * DAY_MS)}
    return common | {"cleanup.policy": "delete", "retention.ms": str(kept_days * DAY_MS)}


def keep_topics(client: AdminClient, topics: Topics, settings: KafkaSettings) -> list[str]:
    metadata = client.list_topics(timeout=ANSWER_SECONDS)
    _refuse_forgetful_brokers(client, metadata.brokers, settings)
    missing = [topic for name, topic in topics.by_name.items() if name not in metadata.topics]
    for topic in topics.by_name.values():
        there = metadata.topics.get(topic.name)
        if there is not None and len(there.partitions) != settings.partitions_count:
            raise StartRefused(
                f"topic {topic.name} has {len(there.partitions)} partitions and KAFKA_PARTITIONS_COUNT is "
                f"{settings.partitions_count}: it is fixed when the topics are made"
            )
    made = (
        client.create_topics(
            [
                NewTopic(
                    topic.name,
                    num_partitions=settings.partitions_count,
                    replication_factor=settings.copies,
                    config=topic_configuration(topic, settings),
                )
                for topic in missing
            ],
            operation_timeout=ANSWER_SECONDS,
            request_timeout=ANSWER_SECONDS,
        )
        if missing
        else {}
    )
    _await(made.values())
    present = [topic for topic in topics.by_name.values() if topic not in missing]
    return [f"topic {topic.name} made" for topic in missing] + _mend_topics(client, present, settings)


def _mend_topics(client: AdminClient, present: list[Topic], settings: KafkaSettings) -> list[str]:
    if not present:
        return []
    resources = {topic.name: ConfigResource(ConfigResource.Type.TOPIC, topic.name) for topic in present}
    asked = client.describe_configs(list(resources.values()), request_timeout=ANSWER_SECONDS)
    now = {resource.name: future.result() for resource, future in asked.items()}
    changes: list[str] = []
    altered: list[ConfigResource] = []
    for topic in present:
        resource = resources[topic.name]
        for name, value in topic_configuration(topic, settings).items():
            if now[topic.name][name].value != value:
                resource.add_incremental_config(
                    ConfigEntry(name, value, incremental_operation=AlterConfigOpType.SET)
                )
                changes.append(f"topic {topic.name}: {name} is {value}")
                if resource not in altered:
                    altered.append(resource)
    if altered:
        _await(client.incremental_alter_configs(altered, request_timeout=ANSWER_SECONDS).values())
    return changes


def _refuse_forgetful_brokers(client: AdminClient, brokers: Iterable[int], settings: KafkaSettings) -> None:
    """A broker that forgets where a stopped group stands lets it begin again past facts that are gone."""
    resources = [ConfigResource(ConfigResource.Type.BROKER, str(broker)) for broker in brokers]
    for future in client.describe_configs(resources, request_timeout=ANSWER_SECONDS).values():
        kept_minutes = int(future.result()[_OFFSETS_RETENTION].value)
        wanted_minutes = 2 * settings.facts_kept_days * 24 * 60
        if kept_minutes < wanted_minutes:
            raise StartRefused(
                f"the brokers' {_OFFSETS_RETENTION} is {kept_minutes}, and groups that are stopped would "
                f"lose facts unnoticed: set it to {wanted_minutes} or more"
            )


def _keep_users(client: AdminClient, address: KafkaAddress, wanted: Provision) -> list[str]:
    changed = [
        user for user in wanted.users if not takes_password(address.as_user(user, wanted.password_of(user)))
    ]
    if changed:
        alterations: list[Any] = [
            UserScramCredentialUpsertion(
                user,
                ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, SCRAM_ITERATIONS),
                wanted.password_of(user).encode(),
            )
            for user in changed
        ]
        _await(client.alter_user_scram_credentials(alterations, request_timeout=ANSWER_SECONDS).values())
    return [f"user {user} has the password of the secrets" for user in changed]


def _keep_rights(client: AdminClient, topics: Topics, users: Iterable[str]) -> list[str]:
    """Exactly the table's for the users of the house; those of others are not touched."""
    wanted = rights_of_the_house(topics, users)
    there = {
        Right.of(binding)
        for user in users
        for binding in client.describe_acls(all_rights_of(user), request_timeout=ANSWER_SECONDS).result()
    }
    missing, stray = sorted(wanted - there), sorted(there - wanted)
    if missing:
        bindings = [right.binding() for right in missing]
        _await(client.create_acls(bindings, request_timeout=ANSWER_SECONDS).values())
    if stray:
        filters = [right.only() for right in stray]
        _await(client.delete_acls(filters, request_timeout=ANSWER_SECONDS).values())
    return [
        *(f"{_said(right)} allowed" for right in missing),
        *(f"{_said(right)} no longer said" for right in stray),
    ]


def _said(right: Right) -> str:
    return f"{right.user}: {right.operation} {right.resource} {right.name}{'*' if right.prefixed else ''}"


def _await(futures: Iterable[Any]) -> None:
    for future in futures:
        future.result(timeout=ANSWER_SECONDS * 2)
