"""The address of a cluster: what is read, and every refusal."""

import pytest

from chassis.bus.kafka import KafkaAddress, KafkaAddressWrong, KafkaTransport
from chassis.bus.opening import BusUrlWrong, transport_of
from chassis.clock import ManualClock
from chassis.ids import IdSource


def test_user_password_and_brokers_are_read() -> None:
    address = KafkaAddress.read("kafka://mar%40ket:se%2Fcret@one:9092,[::1]:9093")
    assert address.bootstrap == ("one:9092", "[::1]:9093")
    assert (address.user, address.password) == ("mar@ket", "se/cret")
    assert (address.security, address.prefix) == ("sasl_plaintext", "guildhall")


def test_without_a_user_there_is_no_sasl() -> None:
    address = KafkaAddress.read("kafka://localhost:9092")
    assert address.security == "plaintext" and address.user is None
    assert dict(address.aiokafka()) == {
        "bootstrap_servers": ["localhost:9092"],
        "security_protocol": "PLAINTEXT",
    }
    assert dict(address.librdkafka()) == {
        "bootstrap.servers": "localhost:9092",
        "security.protocol": "PLAINTEXT",
    }


def test_a_user_signs_in_by_scram_in_both_clients() -> None:
    address = KafkaAddress.read("kafka://market:secret@localhost:9092?prefix=other")
    assert address.prefix == "other"
    assert address.aiokafka()["sasl_mechanism"] == "SCRAM-SHA-512"
    assert address.librdkafka()["sasl.mechanism"] == "SCRAM-SHA-512"
    assert address.librdkafka()["sasl.password"] == address.aiokafka()["sasl_plain_password"] == "secret"


def test_tls_trusts_the_named_authority_alone() -> None:
    import ssl

    import certifi

    address = KafkaAddress.read(f"kafka://a:b@localhost:9092?security=sasl_ssl&ca={certifi.where()}")
    context = address.aiokafka()["ssl_context"]
    assert isinstance(context, ssl.SSLContext) and context.verify_mode is ssl.CERT_REQUIRED
    assert context.check_hostname
    assert address.librdkafka()["ssl.ca.location"] == certifi.where()


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("kafka://", "no broker"),
        ("kafka://a:secret@", "no broker"),
        ("kafka://a:secret@localhost", "without its port"),
        ("kafka://a:secret@localhost:0", "without its port"),
        ("kafka://a:secret@localhost:65536", "without its port"),
        ("kafka://a:secret@:9092", "without its port"),
        ("kafka://a:secret@one:9092,two", "without its port"),
        ("kafka://a@localhost:9092", "without a password"),
        ("kafka://localhost:9092?security=sasl_ssl", "if and only if"),
        ("kafka://a:secret@localhost:9092?security=plaintext", "if and only if"),
        ("kafka://a:secret@localhost:9092?security=ssl", "security is one of"),
        ("kafka://a:secret@localhost:9092/topic", "a path"),
        ("kafka://a:secret@localhost:9092?sasl=plain", "sasl="),
    ],
)
def test_what_names_no_cluster_is_refused_without_repeating_it(
    url: str, said: str, clock: ManualClock, ids: IdSource
) -> None:
    with pytest.raises(KafkaAddressWrong, match=said) as refused:
        KafkaAddress.read(url)
    assert "secret" not in str(refused.value)
    with pytest.raises(BusUrlWrong, match=said):
        transport_of(url, clock, ids.new())


def test_a_password_is_not_shown() -> None:
    assert "secret" not in repr(KafkaAddress.read("kafka://a:secret@localhost:9092"))


async def test_a_kafka_address_gives_the_transport_on_kafka(clock: ManualClock, ids: IdSource) -> None:
    bus = transport_of("kafka://a:secret@localhost:9092", clock, ids.new())
    assert isinstance(bus, KafkaTransport)
