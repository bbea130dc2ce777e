"""Where there is no cluster, no union or no answer, one line says so."""

from pathlib import Path

import pytest

from guildhall.integrators.cluster import Integrators, integrators_of
from guildhall.integrators.unions import find_union, union_id_of
from guildhall.reading_settings import read_guildhall_settings
from guildhall.refusals import StartRefused
from tests.support.deployment import WholeDeployment


@pytest.fixture(autouse=True)
def _no_cluster_of_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("KAFKA_BOOTSTRAP", "KAFKA_EXTERNAL_BOOTSTRAP"):
        monkeypatch.delenv(name, raising=False)


def _secrets(folder: Path, **files: str) -> Path:
    (folder / "secrets").mkdir()
    for name, text in files.items():
        (folder / "secrets" / name.replace("_", "-")).write_text(text)
    return folder


def test_a_folder_without_kafka_is_told_of_the_live_events(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match=r"no Kafka.*/v1/events"):
        integrators_of(read_guildhall_settings(folder=tmp_path))


def test_an_address_that_is_none_is_refused_without_its_password(tmp_path: Path) -> None:
    _secrets(tmp_path, kafka_url="kafka://operator:secret@nowhere")
    with pytest.raises(StartRefused, match="without its port") as refused:
        integrators_of(read_guildhall_settings(folder=tmp_path))
    assert "secret" not in refused.value.line


def test_a_cluster_that_does_not_answer_is_said_in_one_line(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("guildhall.integrators.cluster.ANSWER_SECONDS", 1.0)
    _secrets(tmp_path, kafka_url="kafka://operator:secret@127.0.0.1:1", kafka_external="guild.example:9094")
    integrators = integrators_of(read_guildhall_settings(folder=tmp_path))
    assert isinstance(integrators, Integrators)
    with pytest.raises(StartRefused, match="Kafka does not do it"):
        integrators.all()


def test_a_folder_that_is_none_has_no_union(tmp_path: Path) -> None:
    with pytest.raises(StartRefused, match="no data folder"):
        union_id_of("weavers", read_guildhall_settings(folder=tmp_path))


async def test_a_union_is_found_by_slug_and_by_id(deployment: WholeDeployment) -> None:
    founder = await deployment.persona("founder")
    founded = await founder.act(
        "POST", "/v1/unions", {"name": "Weavers", "purpose": "To weave.", "slug": "weavers"}
    )
    assert founded.status_code == 201, founded.text
    url = deployment.databases["identity"].superuser_url
    for name in ("weavers", founded.json()["id"], founded.json()["id"].upper()):
        assert str(await find_union(url, name)) == founded.json()["id"]
    assert await find_union(url, "' OR true --") is None


@pytest.mark.parametrize(
    ("address", "said"), [("127.0.0.1:1", "cannot be read"), ("database.invalid:5432", "cannot be read")]
)
def test_a_database_of_ones_own_needs_no_folder_and_says_when_it_is_away(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, address: str, said: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"postgresql://postgres:secret@{address}/postgres")
    with pytest.raises(StartRefused, match=said) as refused:
        union_id_of("weavers", read_guildhall_settings(folder=tmp_path))
    assert "secret" not in refused.value.line


def test_a_union_that_is_not_there_is_refused(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    asked: list[str] = []

    async def nothing(url: str, _: str) -> None:
        asked.append(url)

    monkeypatch.setattr("guildhall.integrators.unions.find_union", nothing)
    monkeypatch.setenv("DATABASE_URL", "postgresql://postgres:secret@db:5432/postgres")
    with pytest.raises(StartRefused, match="there is no union weavers"):
        union_id_of("weavers", read_guildhall_settings(folder=tmp_path))
    assert asked and "guildhall_identity" in asked[0]
