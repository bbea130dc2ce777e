"""Topics of a catalogue: one of states and one of facts for each publisher."""

import pytest

from chassis.bus.kafka.topics import Topics
from events.catalogue import CATALOGUE
from events.declaration import EventClass

TOPICS = Topics("guildhall", CATALOGUE)


def test_every_type_is_in_the_topic_of_its_publisher_and_class() -> None:
    for name, event in CATALOGUE.items():
        declaration = event.declaration
        topic = TOPICS.of(name)
        kind = "states" if declaration.event_class is EventClass.STATE else "facts"
        assert topic.name == f"guildhall.{declaration.publisher}.{kind}"
        assert name in topic.types


def test_facts_are_kept_as_long_as_the_longest_of_their_types_and_states_for_ever() -> None:
    for topic in TOPICS.by_name.values():
        days = [CATALOGUE[name].declaration.retention_days for name in topic.types]
        assert topic.retention_days == (None if topic.is_states else max(day or 0 for day in days))


def test_readers_get_the_topics_of_their_types_alone() -> None:
    assert [topic.name for topic in TOPICS.of_all({"union", "agreement.paid", "unheard"})] == [
        "guildhall.identity.states",
        "guildhall.market.facts",
    ]
    assert TOPICS.of_all(None) == list(TOPICS.by_name.values())


def test_a_type_that_nobody_declared_has_no_topic() -> None:
    with pytest.raises(KeyError):
        TOPICS.of("unheard")
