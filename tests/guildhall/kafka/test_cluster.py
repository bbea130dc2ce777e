"""The launcher: brokers of a folder that start, survive, and refuse in one line."""

import socket
from pathlib import Path

import pytest
from pydantic import SecretStr

from chassis.bus.kafka import KafkaAddress
from guildhall.kafka.administration import administrator, takes_password
from guildhall.kafka.broker import Broker
from guildhall.kafka.cluster import ExternalKafka, LaunchedKafka, kafka_of
from guildhall.kafka.jars import what_is_missing
from guildhall.kafka.provision import Provision, provision
from guildhall.kafka.settings import KafkaSettings
from guildhall.postgres.passwords import Passwords
from guildhall.refusals import StartRefused

SETTINGS = KafkaSettings.model_validate({"partitions_count": 1})


@pytest.fixture
def passwords(tmp_path: Path) -> Passwords:
    return Passwords(tmp_path / "passwords.json")


def _left_out() -> None:
    missing = what_is_missing()
    if missing is not None:
        pytest.skip(f"Kafka was left out: {missing}")


@pytest.mark.slow
def test_a_folder_keeps_topics_and_users_over_a_kill_and_a_new_launcher(
    tmp_path: Path, passwords: Passwords
) -> None:
    _left_out()
    folder = tmp_path / "with a space" / "kafka"
    first = LaunchedKafka(folder, passwords, SETTINGS)
    first.start()
    try:
        provision(Provision(first.operator_url(), passwords.of, SETTINGS))
        assert (folder / "broker-1" / "server.properties").stat().st_mode & 0o077 == 0
        first.brokers[0].kill()
        assert not first.is_running()
    finally:
        first.stop()
    second = LaunchedKafka(folder, passwords, SETTINGS)
    second.start()
    try:
        market = KafkaAddress.read(second.url("market", passwords.of("market")))
        assert takes_password(market)
        assert "guildhall.market.facts" in administrator(market).list_topics(timeout=10).topics
        assert provision(Provision(second.operator_url(), passwords.of, SETTINGS)) == []
    finally:
        second.stop()
    assert not second.is_running()


@pytest.mark.slow
def test_a_taken_port_is_said_in_one_line(tmp_path: Path, passwords: Passwords) -> None:
    _left_out()
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        kafka = LaunchedKafka(tmp_path, passwords, SETTINGS.model_copy(update={"external_port": port}))
        with pytest.raises(StartRefused, match=r"did not start \(127\.0\.0\.1:\d+ cannot be bound: .*in use"):
            kafka.start()
        assert not kafka.is_running()


@pytest.mark.parametrize(
    ("found", "version", "said"),
    [
        ({}, 0, "no java"),
        ({"java": "/java"}, 11, "version 11"),
        ({"java": "/java"}, 17, "no mvn"),
    ],
)
def test_a_machine_without_java_or_maven_is_told_what_to_install(
    tmp_path: Path,
    passwords: Passwords,
    monkeypatch: pytest.MonkeyPatch,
    found: dict[str, str],
    version: int,
    said: str,
) -> None:
    monkeypatch.setattr("guildhall.kafka.jars.TOOLS", tmp_path / "tools")
    monkeypatch.setattr("guildhall.kafka.jars.shutil.which", found.get)
    monkeypatch.setattr("guildhall.kafka.jars._java_version", lambda _: version)
    with pytest.raises(StartRefused, match=f"{said}.*install it, or set KAFKA_BOOTSTRAP"):
        LaunchedKafka(tmp_path / "kafka", passwords, SETTINGS).start()


def test_a_maven_that_fails_leaves_no_half_made_folder(
    tmp_path: Path, passwords: Passwords, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools, programs = tmp_path / "tools", tmp_path / "programs"
    programs.mkdir()
    for name, text in {"java": "echo 'version \"17.0.1\"'", "mvn": "echo no network; exit 1"}.items():
        (programs / name).write_text(f"#!/bin/sh\n{text}\n")
        (programs / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{programs}:/usr/bin:/bin")
    monkeypatch.setattr("guildhall.kafka.jars.TOOLS", tools)
    with pytest.raises(StartRefused, match=r"Maven could not bring Kafka: see .*maven\.log"):
        LaunchedKafka(tmp_path / "kafka", passwords, SETTINGS).start()
    assert [path.name for path in tools.iterdir()] == ["maven.log"]
    assert (tools / "maven.log").read_text() == "no network\n"


def test_a_folder_that_cannot_be_formatted_is_refused_and_nothing_of_it_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    java = tmp_path / "java"
    seen = tmp_path / "seen"
    java.write_text(f"#!/bin/sh\necho \"$@\" >{seen}\necho 'no such class' >&2\nexit 1\n")
    java.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:/usr/bin:/bin")
    broker = Broker(tmp_path / "broker", tmp_path, 128)
    with pytest.raises(StartRefused, match="no such class"):
        broker.prepare({"node.id": "1"}, "cluster", "secret")
    assert not broker.data.exists()
    assert "secret" not in seen.read_text()  # anybody may read a process' arguments
    assert [path.name for path in broker.folder.iterdir()] == ["server.properties"]


def test_a_cluster_of_others_is_taken_by_its_address(tmp_path: Path, passwords: Passwords) -> None:
    url = "kafka://root:secret@one:9092,two:9092?security=sasl_ssl&ca=/ca.pem"
    settings = SETTINGS.model_copy(update={"bootstrap": SecretStr(url)})
    kafka = kafka_of(tmp_path, passwords, settings)
    assert isinstance(kafka, ExternalKafka)
    assert kafka.operator_url() == url
    assert kafka.url("market", "a/b") == "kafka://market:a%2Fb@one:9092,two:9092?security=sasl_ssl&ca=/ca.pem"
    assert "secret" not in kafka.described() and "one:9092" in kafka.described()


def test_a_wrong_address_of_a_cluster_is_refused_without_its_password(
    tmp_path: Path, passwords: Passwords
) -> None:
    settings = SETTINGS.model_copy(update={"bootstrap": SecretStr("kafka://root:secret@one")})
    with pytest.raises(StartRefused, match=r"KAFKA_BOOTSTRAP: .*without its port") as refused:
        kafka_of(tmp_path, passwords, settings)
    assert "secret" not in refused.value.line


def test_three_copies_wait_for_two_and_one_for_itself() -> None:
    for brokers, given, copies, waited_for in ((1, None, 1, 1), (3, None, 3, 2), (1, 3, 3, 2), (3, 2, 2, 1)):
        said = {"brokers_count": brokers, "copies_count": given}
        settings = KafkaSettings.model_validate(said)
        assert (settings.copies, settings.in_sync_replicas_min) == (copies, waited_for)
