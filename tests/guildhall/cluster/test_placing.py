"""Names and paths of containers as they are on this machine."""

from __future__ import annotations

from pathlib import Path

import pytest

from guildhall.cluster.compose_file import ComposeService
from guildhall.cluster.placing import Addresses, Folders, LoopbackNetwork, itself
from guildhall.refusals import StartRefused


def _service(name: str, *, is_published: bool = False) -> ComposeService:
    return ComposeService(name, "guildhall", (), {}, {}, None, "no", {}, is_published, 10)


SERVICES = {
    "postgres": _service("postgres"),
    "market": _service("market"),
    "caddy": _service("caddy", is_published=True),
}
ADDRESSES = Addresses.given_out(SERVICES, {"market": 2}, 90)


def test_each_replica_has_an_address_and_who_publishes_ports_stands_where_people_come() -> None:
    assert ADDRESSES.of == {
        "postgres": ["127.90.1.1"],
        "market": ["127.90.2.1", "127.90.2.2"],
        "caddy": ["127.0.0.1"],
    }


def test_what_publishes_ports_runs_once() -> None:
    with pytest.raises(StartRefused, match="caddy publishes ports"):
        Addresses.given_out(SERVICES, {"caddy": 2}, 90)


@pytest.mark.parametrize(
    ("text", "here"),
    [
        ("http://market:8000", "http://127.90.2.1:8000,http://127.90.2.2:8000"),
        ("market:8000", "127.90.2.1:8000 127.90.2.2:8000"),
        ("--database=postgres:5432", "--database=127.90.1.1:5432"),
        ("postgresql://market@postgres:5432/market", "postgresql://market@127.90.1.1:5432/market"),
        ("supermarket:8000", "supermarket:8000"),
        ("/etc/postgres", "/etc/postgres"),
        ("market", "market"),
    ],
)
def test_names_of_services_become_addresses(text: str, here: str) -> None:
    assert ADDRESSES.resolved(text) == here


def test_a_container_that_calls_itself_is_at_its_own_address() -> None:
    assert itself("http://127.0.0.1:8000/readyz", "127.90.2.2") == "http://127.90.2.2:8000/readyz"
    assert itself("--host=0.0.0.0", "127.90.2.2") == "--host=127.90.2.2"
    assert itself("10.127.0.0.1", "127.90.2.2") == "10.127.0.0.1"


@pytest.fixture
def folders(tmp_path: Path) -> Folders:
    volumes = {"/data/secrets": "secrets", "/secrets/market": "market-secrets", "/deploy": "./deploy"}
    made = Folders(tmp_path / "root", tmp_path / "home", tmp_path, volumes, {"/data": tmp_path / "home"})
    made.lay_out()
    return made


@pytest.mark.parametrize(
    ("text", "below_root"),
    [
        ("/secrets/market/service.pem", "/secrets/market/service.pem"),
        ("--into=/secrets", "--into=/secrets"),
        ("--data=/data", "--data=/data"),
        ("file:/deploy/x", "file:/deploy/x"),
    ],
)
def test_paths_of_a_container_are_below_its_root(
    folders: Folders, tmp_path: Path, text: str, below_root: str
) -> None:
    start = below_root.index("/")
    assert folders.placed(text) == f"{below_root[:start]}{tmp_path / 'root'}{below_root[start:]}"


@pytest.mark.parametrize("text", ["/deployed", "/etc/passwd", "x/secrets", "http://market:8000/readyz"])
def test_other_paths_stay(folders: Folders, text: str) -> None:
    assert folders.placed(text) == text


def test_volumes_are_shared_by_name_and_lead_to_the_data_folder(folders: Folders, tmp_path: Path) -> None:
    root, home = tmp_path / "root", tmp_path / "home"
    (root / "secrets/market/key").write_text("1")
    (root / "data/secrets/passwords").write_text("2")
    assert (home / "volumes/market-secrets/key").read_text() == "1"
    assert (home / "secrets/passwords").read_text() == "2"
    folders.lay_out()
    assert (root / "deploy").resolve() == tmp_path / "deploy"


def test_two_clusters_of_a_machine_have_two_networks() -> None:
    one, other = LoopbackNetwork(), LoopbackNetwork()
    try:
        assert one.number != other.number
    finally:
        one.release()
        other.release()
