"""docs/integrators.md: its table is the catalogue's, and each of its examples runs as it stands there."""

import asyncio
import json
import re
import shutil
import subprocess
import sys
from collections.abc import AsyncGenerator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import orjson
import pytest

from chassis.clock import ManualClock
from chassis.egress.client import EgressClient, EgressLimits
from chassis.ids import IdSource, random_bytes
from events.catalogue import CATALOGUE
from events.visibility import NAMES_SHOWN, OUTSIDE_TYPES
from guildhall.integrators.cluster import Integrators
from guildhall.kafka.jars import bring_jars
from services.identity.webhooks.domain.secret import secret_text
from services.identity.webhooks.signing import signed_headers
from tests.guildhall.integrators.reading import EVENTS, lines_of, listens, publish, read_lines, running
from tests.guildhall.publisher.house import Bus
from tests.support.deployment import WholeDeployment
from tests.support.embedded import free_port
from tests.support.kafka import KafkaOfSession
from tests.support.network import listening

DOCUMENT = (Path(__file__).parents[3] / "docs" / "integrators.md").read_text()
JAVA, SHELL = re.compile(r"```java\n(.*?)```", re.DOTALL), re.compile(r"```sh\n(.*?)```", re.DOTALL)
PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)


def test_its_table_is_what_the_catalogue_says() -> None:
    rows = [line for line in DOCUMENT.splitlines() if re.match(r"\| `[a-z.]+` \|", line)]
    wanted: list[str] = []
    for name in sorted(OUTSIDE_TYPES):
        declared, shown = CATALOGUE[name].declaration, NAMES_SHOWN.get(name)
        key = ", ".join(f"`{field}`" for field in declared.key)
        public = "always" if shown is None else f"`{shown.parameter}`"
        wanted.append(f"| `{name}` | {declared.event_class.value} | {key} | {public} |")
    assert rows == wanted


@pytest.mark.slow
async def test_its_consumer_in_java_reads_a_unions_events_in_order(
    house: KafkaOfSession, clock: ManualClock, ids: IdSource, tmp_path: Path
) -> None:
    java = shutil.which("java")
    if java is None or shutil.which("javac") is None:
        pytest.skip("the consumer in Java was left out: no JDK on this machine")
    (program,) = JAVA.findall(DOCUMENT)
    said, source = tmp_path / "said", tmp_path / "Consumer.java"
    source.write_text(program)
    union_id = ids.new()
    versions = await publish(Bus(house, clock, ids), union_id)
    integrators = Integrators(house.address(), f"127.0.0.1:{house.kafka.ports[0].external}", 14)
    made = integrators.add("in-java", union_id)
    command = [java, "-cp", f"{bring_jars()}/*", str(source)]
    try:
        with running([*command, made.bootstrap, made.user, made.password, made.topic], said):
            lines = await lines_of(said, EVENTS, "union {")
    finally:
        integrators.remove("in-java")
    assert [json.loads(line.removeprefix("union "))["version"] for line in lines] == versions


async def test_its_receiver_of_webhooks_takes_what_is_signed_and_nothing_else(tmp_path: Path) -> None:
    (program,) = PYTHON.findall(DOCUMENT)
    said, source, port = tmp_path / "said", tmp_path / "receiver.py", free_port()
    source.write_text(program)
    secret = random_bytes(32)
    body = orjson.dumps({"type": "union", "data": {"version": 7}})
    signed = signed_headers((secret,), str(UUID(int=1)), body, datetime.now(UTC))
    limits = EgressLimits(
        timeout_seconds=10, answer_max_bytes=1_000, connections_max=1, loopback_allowed=True
    )
    environment = {"WEBHOOK_SECRET": secret_text(secret), "PORT": str(port)}
    client = EgressClient(limits)
    with running([sys.executable, str(source)], said, **environment):
        async with asyncio.timeout(20):
            while not listens(port):  # noqa: ASYNC110
                await asyncio.sleep(0.05)
        url = f"http://127.0.0.1:{port}/"
        taken = await client.post(url, body, signed)
        forged = await client.post(url, body.replace(b"7", b"8"), signed)
    await client.close()
    assert (taken.status, forged.status) == (204, 401)
    assert read_lines(said, "union") == ["union {'version': 7}"]


@pytest.fixture(scope="module")
async def address(deployment: WholeDeployment) -> AsyncGenerator[str]:
    async with listening(deployment.deployment.gateway) as url:
        yield url


async def _run(line: str, **environment: str) -> str:
    """What it said within some seconds; a stream does not end by itself."""
    shell = await asyncio.create_subprocess_exec(
        "sh", "-c", f"exec {line}", stdout=subprocess.PIPE, env={"PATH": "/usr/bin:/bin", **environment}
    )
    assert shell.stdout is not None
    said = b""
    try:
        async with asyncio.timeout(20):
            while chunk := await shell.stdout.read(65_536):
                said += chunk
                if b"\ndata: {" in said:
                    break
    finally:
        if shell.returncode is None and "curl -sN" in line:
            shell.kill()
        await shell.wait()
    return said.decode()


async def _found(deployment: WholeDeployment, slug: str) -> UUID:
    founder = await deployment.persona(f"founder-of-{slug}")
    founded = await founder.act(
        "POST", "/v1/unions", {"name": "Weavers", "purpose": "To weave.", "slug": slug}
    )
    assert founded.status_code == 201, founded.text
    return UUID(founded.json()["id"])


async def test_its_lines_of_curl_read_pages_and_the_live_stream(
    deployment: WholeDeployment, address: str
) -> None:
    if shutil.which("curl") is None:
        pytest.skip("the lines of curl were left out: it is not on this machine")
    now, after, stream = [line for part in SHELL.findall(DOCUMENT) for line in part.splitlines()]
    union_id = await _found(deployment, "weavers")
    position = json.loads(await _run(now, GUILDHALL=address))
    assert position["items"] == []
    streaming = asyncio.create_task(_run(stream.replace("union=weavers&", ""), GUILDHALL=address))
    everything = after.replace("union=weavers&", "")
    items: list[dict[str, Any]] = []
    others: set[str] = set()
    for number in range(50):
        await _found(deployment, f"weavers-{number}")
        page = await _run(everything, GUILDHALL=address, AFTER=position["next_after"])
        items = json.loads(page)["items"]
        others = {item["data"]["union_id"] for item in items} - {str(union_id)}
        if streaming.done() and others:
            break
    said = await streaming
    assert others and {"union"} <= {item["type"] for item in items}
    assert "event: union" in said and '"type":"union"' in said
    of_one = json.loads(await _run(after, GUILDHALL=address, AFTER=position["next_after"]))
    assert {item["data"]["union_id"] for item in of_one["items"]} <= {str(union_id)}
