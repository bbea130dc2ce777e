"""The compose file as the cluster reads it: understood whole, or refused with the name of what is new."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic_settings import BaseSettings

from gateway.settings import GatewaySettings
from guildhall.cluster.compose_file import ComposeService, read_compose_file
from guildhall.cluster.processes import COMPOSE_FILE, REPLICAS
from guildhall.devnet.operator_key import OPERATOR_KEY
from guildhall.distributed.process import SERVED
from guildhall.refusals import StartRefused
from services.identity.settings import IdentitySettings
from tests.support.embedded import REPOSITORY
from tests.support.network import KEEPS_FILES

ONE = {"services": {"market": {"image": "guildhall", "command": ["serve", "market"]}}}


def _read(folder: Path, said: object, **variables: str) -> dict[str, ComposeService]:
    file = folder / "docker-compose.yml"
    file.write_text(yaml.safe_dump(said))
    return dict(read_compose_file(file, variables))


def _changed(where: str, value: object) -> dict[str, Any]:
    """The file of one service with a key set: `services.market.restart`."""
    said: dict[str, Any] = {"services": {"market": dict(ONE["services"]["market"])}}
    *path, last = where.split(".")
    part = said
    for name in path:
        part = part.setdefault(name, {})
    part[last] = value
    return said


def test_the_file_of_the_repository_is_understood_and_has_every_service() -> None:
    services = read_compose_file(COMPOSE_FILE, {})
    assert set(services) == {*SERVED, "secrets", "postgres", "kafka", "migrate", "caddy"}
    for name in SERVED:
        one = services[name]
        assert one.command == ("serve", name)
        assert one.restart == "unless-stopped" and one.health is not None
        assert one.depends_on == {"migrate": "service_completed_successfully"}
        files = {"/files": "files"} if name in KEEPS_FILES else {}
        assert one.volumes == {"/secrets": f"{name}-secrets"} | files, "each sees its own secrets alone"
    assert set(REPLICAS) <= set(SERVED)
    assert services["caddy"].is_published and not services["gateway"].is_published


def test_ledger_and_identity_alone_are_told_of_the_chain_and_the_ledger_has_its_operators_key() -> None:
    told = {"ETH_RPC_URL": "http://127.0.0.1:8545", "ETH_CHAIN_ID": "31337", "CHAIN_ID": "31337"}
    for name, service in read_compose_file(COMPOSE_FILE, told).items():
        assert (told.items() <= service.environment.items()) is (name in {"identity", "ledger"}), name
        assert ("LEDGER_BRIDGE_KEY_FILE" in service.environment) is (name == "ledger"), name
    for name in ("identity", "ledger"):
        off = read_compose_file(COMPOSE_FILE, {})[name].environment
        assert off["ETH_RPC_URL"] == "", "as if it were not set"
        assert off["CHAIN_ID"] == off["ETH_CHAIN_ID"] == "1"
    assert Path(off["LEDGER_BRIDGE_KEY_FILE"]).name == OPERATOR_KEY


@pytest.mark.parametrize(("service", "kind"), [("gateway", GatewaySettings), ("identity", IdentitySettings)])
def test_presets_of_limits_are_those_of_the_settings(service: str, kind: type[BaseSettings]) -> None:
    said = read_compose_file(COMPOSE_FILE, {})[service].environment
    limits = {name: value for name, value in said.items() if name.endswith("_MAX")}
    assert limits == {
        name: str(kind.model_fields[name.removeprefix(f"{service}_".upper()).lower()].default)
        for name in limits
    }
    assert limits


def test_the_image_has_every_package() -> None:
    modules = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["tool"]["uv"]["build-backend"]
    copied = re.findall(r"^COPY (\w+) \1$", (REPOSITORY / "deploy/Dockerfile").read_text(), re.MULTILINE)
    assert sorted(copied) == sorted(modules["module-name"])


def test_no_secret_stands_in_the_file() -> None:
    for service in read_compose_file(COMPOSE_FILE, {}).values():
        for name, value in service.environment.items():
            if any(word in name for word in ("PASSWORD", "DATABASE_URL", "BUS_URL", "BOOTSTRAP")):
                assert name.endswith("_FILE") and value.startswith("/"), name


@pytest.mark.parametrize(
    ("where", "value"),
    [
        ("networks", {}),
        ("services.market.privileged", True),
        ("services.market.deploy", {"replicas": 2}),
        ("services.market.healthcheck", {"test": ["CMD", "x"], "start_interval": "1s"}),
        ("services.market.depends_on", {"market": {"condition": "service_started", "required": False}}),
    ],
)
def test_a_key_that_is_not_known_stops_it_and_is_named(tmp_path: Path, where: str, value: object) -> None:
    with pytest.raises(StartRefused) as refused:
        _read(tmp_path, _changed(where, value))
    assert "does not know" in refused.value.line
    named = {"healthcheck": "start_interval", "depends_on": "required"}.get(
        where.rsplit(".", maxsplit=1)[-1], where
    )
    assert named.split(".")[-1] in refused.value.line


@pytest.mark.parametrize(
    ("where", "value", "said"),
    [
        ("services.market.restart", "sometimes", "restart is sometimes"),
        ("services.market.stop_grace_period", "soon", "soon is no duration"),
        ("services.market.healthcheck", {"test": ["CMD-SHELL", "x"]}, "begins with CMD-SHELL"),
        ("services.market.depends_on", {"nobody": {"condition": "service_started"}}, "no service nobody"),
        ("services.market.depends_on", {"market": {"condition": "hopefully"}}, "is hopefully"),
        ("services.market.volumes", ["lost:/x"], "lost:/x, which is not known"),
        ("services.market.volumes", ["/etc:/etc"], "/etc:/etc, which is not known"),
        ("services.market.command", ["${PORT:?needed}"], "of a form that is not known"),
        ("services", None, "declares no services"),
    ],
)
def test_what_cannot_be_done_is_refused(tmp_path: Path, where: str, value: object, said: str) -> None:
    with pytest.raises(StartRefused) as refused:
        _read(tmp_path, _changed(where, value))
    assert said in refused.value.line


def test_a_file_that_is_no_yaml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "docker-compose.yml").write_text("services: [")
    with pytest.raises(StartRefused, match="cannot be read"):
        read_compose_file(tmp_path / "docker-compose.yml", {})


def test_variables_have_their_values_or_their_presets(tmp_path: Path) -> None:
    said = _changed("services.market.environment", {"A": "${A:-preset}", "B": "${B:-preset}", "C": "$$x"})
    assert _read(tmp_path, said, A="given")["market"].environment == {"A": "given", "B": "preset", "C": "$x"}


def test_durations_are_seconds(tmp_path: Path) -> None:
    said = _changed("services.market.stop_grace_period", "1m30s")
    assert _read(tmp_path, said)["market"].stop_seconds == 90
