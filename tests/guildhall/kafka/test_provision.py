"""Provisioning against a real broker: made, mended, and left alone when nothing is to do."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest
from confluent_kafka.admin import AdminClient, ConfigResource  # pyright: ignore[reportPrivateImportUsage]

from chassis.bus.kafka.topics import Topics
from events.catalogue import CATALOGUE
from guildhall.kafka.access import Right, all_rights_of
from guildhall.kafka.administration import administrator, takes_password
from guildhall.kafka.provision import DAY_MS, Provision, provision
from guildhall.refusals import StartRefused
from tests.support.kafka import KafkaOfSession

pytestmark = pytest.mark.slow
TOPICS = Topics("guildhall", CATALOGUE)


@pytest.fixture
def operator(kafka: KafkaOfSession) -> AdminClient:
    return administrator(kafka.address())


def configuration(operator: AdminClient, topic: str) -> Mapping[str, str]:
    resource = ConfigResource(ConfigResource.Type.TOPIC, topic)
    entries = cast("dict[str, Any]", operator.describe_configs([resource])[resource].result())
    return {name: entry.value for name, entry in entries.items()}


def rights(operator: AdminClient, user: str) -> set[Right]:
    return {Right.of(binding) for binding in operator.describe_acls(all_rights_of(user)).result()}


def test_every_topic_keeps_what_its_class_says(house: KafkaOfSession, operator: AdminClient) -> None:
    for topic in TOPICS.by_name.values():
        said = configuration(operator, topic.name)
        assert said["message.timestamp.type"] == "LogAppendTime"
        assert said["cleanup.policy"] == ("compact" if topic.is_states else "delete")
        kept = "min.compaction.lag.ms" if topic.is_states else "retention.ms"
        assert said[kept] == str(14 * DAY_MS)


def test_a_second_time_changes_nothing(house: KafkaOfSession, wanted: Provision) -> None:
    assert provision(wanted) == []


def test_another_retention_is_applied(
    house: KafkaOfSession, wanted: Provision, operator: AdminClient
) -> None:
    longer = replace(wanted, settings=wanted.settings.model_copy(update={"facts_kept_days": 20}))
    changes = provision(longer)
    assert changes and all(str(20 * DAY_MS) in change for change in changes)
    assert configuration(operator, "guildhall.market.facts")["retention.ms"] == str(20 * DAY_MS)
    assert configuration(operator, "guildhall.market.states")["min.compaction.lag.ms"] == str(20 * DAY_MS)
    provision(wanted)
    assert configuration(operator, "guildhall.market.facts")["retention.ms"] == str(14 * DAY_MS)


def test_a_type_of_a_new_class_gets_its_topic_and_its_readers(
    kafka: KafkaOfSession, wanted: Provision, operator: AdminClient
) -> None:
    fewer = {name: event for name, event in CATALOGUE.items() if name not in {"offer", "agreement"}}
    provision(replace(wanted, catalogue=fewer))
    operator.delete_topics(["guildhall.market.states"])["guildhall.market.states"].result()
    changes = provision(wanted)
    assert "topic guildhall.market.states made" in changes
    assert "market: WRITE TOPIC guildhall.market.states allowed" in changes
    assert "gateway: READ TOPIC guildhall.market.states allowed" in changes


def test_another_number_of_partitions_is_refused(house: KafkaOfSession, wanted: Provision) -> None:
    more = wanted.settings.model_copy(update={"partitions_count": 3})
    with pytest.raises(StartRefused, match="fixed when the topics are made"):
        provision(replace(wanted, settings=more))


def test_brokers_that_forget_stopped_groups_before_their_facts_are_refused(
    house: KafkaOfSession, wanted: Provision
) -> None:
    ever = wanted.settings.model_copy(update={"facts_kept_days": 11_000})
    with pytest.raises(StartRefused, match=r"offsets\.retention\.minutes"):
        provision(replace(wanted, settings=ever))


def test_a_changed_password_is_taken_and_the_old_one_no_longer(
    house: KafkaOfSession, wanted: Provision
) -> None:
    old, new = house.address("funding"), house.address().as_user("funding", "another")
    assert takes_password(old) and not takes_password(new)

    def changed(user: str) -> str:
        return "another" if user == "funding" else wanted.password_of(user)

    assert provision(replace(wanted, password_of=changed)) == ["user funding has the password of the secrets"]
    assert takes_password(new) and not takes_password(old)
    provision(wanted)


def test_rights_that_the_table_does_not_name_are_taken_back_and_others_users_are_left_alone(
    house: KafkaOfSession, wanted: Provision, operator: AdminClient
) -> None:
    stray = Right("market", "WRITE", "TOPIC", "guildhall.identity.states")
    anything = Right("market", "ALL", "TOPIC", "*")
    guest = Right("integrator", "READ", "TOPIC", "guildhall.public.weavers")
    made = operator.create_acls([stray.binding(), anything.binding(), guest.binding()])
    for future in made.values():
        future.result()
    assert sorted(provision(wanted)) == [
        "market: ALL TOPIC * no longer said",
        "market: WRITE TOPIC guildhall.identity.states no longer said",
    ]
    assert not rights(operator, "market") & {stray, anything}
    assert rights(operator, "integrator") == {guest}


def test_a_cluster_that_nobody_answers_for_is_refused_in_one_line(wanted: Provision) -> None:
    with pytest.raises(StartRefused, match="Kafka cannot be prepared"):
        provision(replace(wanted, operator_url="kafka://operator:secret@127.0.0.1:1"))
    with pytest.raises(StartRefused, match="without its port"):
        provision(replace(wanted, operator_url="kafka://operator:secret@nowhere"))
