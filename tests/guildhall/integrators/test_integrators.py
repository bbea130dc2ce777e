"""Integrators on a real broker: what is printed runs, and reads one union's events and nothing else."""

import asyncio
import json
import os
import shlex
import shutil
import subprocess
import sys
from collections.abc import Callable, Generator
from pathlib import Path
from uuid import UUID

import confluent_kafka
import pytest
from typer.testing import CliRunner

from chassis.bus.kafka import KafkaAddress
from chassis.bus.kafka.topics import Topics
from chassis.clock import ManualClock
from chassis.ids import IdSource
from events.catalogue import CATALOGUE
from guildhall.command import app
from guildhall.integrators import command
from guildhall.integrators.cluster import Integrator, Integrators
from guildhall.integrators.printed import consumer, introduction, kcat
from guildhall.kafka.access import USERS
from guildhall.kafka.administration import takes_password
from guildhall.publisher.topics import topic_of
from guildhall.refusals import StartRefused
from tests.guildhall.integrators.reading import EVENTS, lines_of, publish, read_lines, running
from tests.guildhall.publisher.house import Bus
from tests.support.kafka import KafkaOfSession
from tests.support.kafka_rights import may_join, may_read, may_write

pytestmark = pytest.mark.slow


@pytest.fixture
def bus(house: KafkaOfSession, clock: ManualClock, ids: IdSource) -> Bus:
    return Bus(house, clock, ids)


@pytest.fixture
def union_id(ids: IdSource) -> UUID:
    return ids.new()


@pytest.fixture
def integrators(house: KafkaOfSession) -> Integrators:
    external = KafkaAddress.read(house.kafka.external_url("nobody", "x")).bootstrap[0]
    return Integrators(house.address(), external, 14)


@pytest.fixture
def mirror(integrators: Integrators, union_id: UUID) -> Generator[Integrator]:
    yield integrators.add("mirror", union_id)
    if "mirror" in integrators.all():
        integrators.remove("mirror")


def as_user(house: KafkaOfSession, made: Integrator) -> KafkaAddress:
    return KafkaAddress.read(house.kafka.external_url(made.user, made.password))


async def test_the_printed_consumer_reads_the_unions_events_in_order(
    bus: Bus, union_id: UUID, mirror: Integrator, tmp_path: Path
) -> None:
    versions = await publish(bus, union_id)
    await publish(bus, bus.ids.new())  # of another union
    printed = introduction(mirror)
    program = printed.split("# consumer.py (pip install confluent-kafka)\n")[1].split("# or, from")[0]
    assert len(program.splitlines()) <= 15
    file, said = tmp_path / "consumer.py", tmp_path / "said"
    file.write_text(program)
    with running([sys.executable, str(file)], said):
        lines = await lines_of(said, EVENTS)
    assert [json.loads(line.removeprefix("union "))["version"] for line in lines] == versions
    assert {json.loads(line.removeprefix("union "))["union_id"] for line in lines} == {str(union_id)}


def _kcat(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """With the librdkafka of the wheel: that of a distribution may be too old for Kafka 4."""
    library = folder / "librdkafka.so.1"
    if not library.exists():
        beside = Path(confluent_kafka.__file__).parent.with_name("confluent_kafka.libs")
        library.symlink_to(next(beside.glob("librdkafka-*.so.1")))
    environment = {"PATH": os.defpath, "LD_LIBRARY_PATH": f"{folder}:{library.resolve().parent}"}
    return subprocess.run(
        shlex.split(line), check=False, capture_output=True, text=True, timeout=60, env=environment
    )


async def test_the_printed_line_of_kcat_reads_the_same(
    bus: Bus, union_id: UUID, mirror: Integrator, tmp_path: Path
) -> None:
    program = shutil.which("kcat")
    if program is None:
        pytest.skip("kcat was left out: it is not on this machine (Debian: apt-get install kcat)")
    versions = await publish(bus, union_id)
    line = introduction(mirror).splitlines()[-1]
    done = await asyncio.to_thread(_kcat, line, tmp_path)
    assert done.returncode == 0, done.stderr
    assert [json.loads(said)["version"] for said in done.stdout.splitlines()] == versions
    refused = await asyncio.to_thread(_kcat, line.replace(str(union_id), str(UUID(int=2))), tmp_path)
    assert refused.returncode != 0 and refused.stdout == ""


async def test_an_integrator_reads_its_unions_topic_and_no_other(
    house: KafkaOfSession, integrators: Integrators, ids: IdSource, mirror: Integrator
) -> None:
    integrators.add("other", ids.new())
    (other,) = integrators.all()["other"]
    address = as_user(house, mirror)
    assert await may_read(address, mirror.topic)
    assert not await may_read(address, other)
    for topic in Topics("guildhall", CATALOGUE).by_name:
        assert not await may_read(address, topic), topic
    integrators.remove("other")


async def test_an_integrator_writes_nothing_and_makes_no_topic(
    house: KafkaOfSession, union_id: UUID, mirror: Integrator
) -> None:
    address = as_user(house, mirror)
    for topic in (mirror.topic, topic_of("guildhall", UUID(int=1)), "guildhall.identity.states", "mine"):
        assert not await may_write(address, topic), topic


async def test_an_integrator_joins_groups_of_its_own_name_alone(
    house: KafkaOfSession, integrators: Integrators, union_id: UUID, mirror: Integrator
) -> None:
    twin = integrators.add("mirror-2", union_id)
    address = as_user(house, mirror)
    for group in (mirror.user, f"{mirror.user}.second"):
        assert await may_join(address, group, mirror.topic), group
    for group in (twin.user, f"{mirror.user}s", "mine", *(f"guildhall.{user}" for user in USERS)):
        assert not await may_join(address, group, mirror.topic), group
    integrators.remove("mirror-2")


async def test_who_was_removed_reads_nothing_more_though_connected(
    house: KafkaOfSession,
    bus: Bus,
    union_id: UUID,
    integrators: Integrators,
    mirror: Integrator,
    tmp_path: Path,
) -> None:
    await publish(bus, union_id)
    file, said = tmp_path / "consumer.py", tmp_path / "said"
    file.write_text(consumer(mirror))
    with running([sys.executable, str(file)], said):
        await lines_of(said, EVENTS)
        integrators.remove("mirror")
        async with asyncio.timeout(20):  # the broker hears of it from its controller
            while "mirror" in integrators.all() or takes_password(as_user(house, mirror)):  # noqa: ASYNC110 - it is the broker that is asked
                await asyncio.sleep(0.1)
        await asyncio.sleep(1.5)  # a fetch that was allowed before may still be answered
        await publish(bus, union_id)
        await asyncio.sleep(3)  # that nothing comes has no end to wait for
        assert len(read_lines(said)) == EVENTS


def test_a_name_is_given_once_and_what_is_gone_cannot_be_removed(
    integrators: Integrators, union_id: UUID, mirror: Integrator
) -> None:
    with pytest.raises(StartRefused, match="there is an integrator mirror"):
        integrators.add("mirror", union_id)
    assert integrators.all()["mirror"] == [mirror.topic]
    integrators.remove("mirror")
    with pytest.raises(StartRefused, match="there is no integrator mirror"):
        integrators.remove("mirror")
    again = integrators.add("mirror", union_id)
    assert again.password != mirror.password and mirror.password not in repr(mirror)


@pytest.mark.parametrize("name", ["", "Mirror", "-mirror", "a.b", "a b", "ä", "x" * 49, "a\n", '"'])
def test_a_name_that_is_none_is_refused(integrators: Integrators, union_id: UUID, name: str) -> None:
    with pytest.raises(StartRefused, match="is no name"):
        integrators.add(name, union_id)


def test_the_commands_take_the_cluster_of_the_environment(
    house: KafkaOfSession, union_id: UUID, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP", house.kafka.operator_url())
    monkeypatch.setenv("KAFKA_EXTERNAL_BOOTSTRAP", "guild.example:9094")
    monkeypatch.setattr("guildhall.integrators.unions.union_id_of", lambda *_: union_id)
    assert command.app is not None
    run: Callable[..., str] = lambda *words: CliRunner().invoke(app, ["integrator", *words]).output  # noqa: E731
    printed = run("add", "printed", "--union", "weavers", "--data", str(tmp_path))
    assert (
        '"bootstrap.servers": "guild.example:9094"' in printed and "kcat -C -b guild.example:9094" in printed
    )
    assert f"printed\t{topic_of('guildhall', union_id)}" in run("list", "--data", str(tmp_path))
    run("remove", "printed", "--data", str(tmp_path))
    assert "printed" not in run("list", "--data", str(tmp_path))


def test_kcats_line_has_no_secret_but_its_own(mirror: Integrator) -> None:
    assert kcat(mirror).count(mirror.password) == consumer(mirror).count(mirror.password) == 1
