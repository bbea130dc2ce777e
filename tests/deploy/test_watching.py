"""The dashboard and the alerts ask for metrics, labels and commands that there are."""

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from chassis.network.endpoints import endpoints_known
from tests.support.deployment import WholeDeployment

DEPLOY = Path(__file__).parents[2] / "deploy"
DASHBOARD = DEPLOY / "grafana" / "guildhall.json"
ALERTS = DEPLOY / "prometheus" / "guildhall.rules.yml"
_METRIC = re.compile(r"\bguildhall_[a-z_]+")
_LABELS = re.compile(r"\{\{\s*(?:\$labels\.|\$)?(\w+)\s*\}\}|\bby \(([^)]*)\)|\{([^}]*)\}")
_OF_PROMETHEUS = {"le", "job", "instance", "value"}


def panels() -> list[dict[str, Any]]:
    return orjson.loads(DASHBOARD.read_bytes())["panels"]


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load(ALERTS.read_text(encoding="utf-8"))["groups"]
    return group["rules"]


def expressions() -> Iterator[tuple[str, str]]:
    """Each with the texts that name its labels."""
    for panel in panels():
        for target in panel["targets"]:
            yield target["expr"], target["legendFormat"]
    for alert in alerts():
        yield alert["expr"], alert["annotations"]["summary"]


def labels_of(expression: str) -> set[str]:
    found: set[str] = set()
    for named, by, matchers in _LABELS.findall(expression):
        found |= {part.strip() for part in by.split(",") if part.strip()}
        found |= {part.split("=")[0].strip("~! ") for part in matchers.split(",") if "=" in part}
        found |= {named} if named else set()
    return found - _OF_PROMETHEUS


@pytest.fixture(scope="module")
async def exported(deployment: WholeDeployment) -> dict[str, set[str]]:
    """Every sample's name, and the labels that it may have, as the deployment's `/metrics` shows them.

    One process calls nobody across a network: what a process of many counts of that is said for it.
    """
    endpoints_known.labels("market", "ready").set(1)
    founder = await deployment.persona("founder")
    assert (await founder.act("POST", "/v1/unions", {"name": "W", "purpose": "P."})).status_code == 201
    answer = await deployment.http.get("/metrics")
    assert answer.status_code == 200
    found: dict[str, set[str]] = {}
    for family in text_string_to_metric_families(answer.text):
        suffixes = {"counter": ("_total",), "histogram": ("_bucket", "_count", "_sum")}.get(
            family.type, ("",)
        )
        for suffix in suffixes:
            found.setdefault(f"{family.name}{suffix}", set())
        for sample in family.samples:
            found.setdefault(sample.name, set()).update(sample.labels)
    return found


@pytest.mark.parametrize(("expression", "named"), list(expressions()))
async def test_every_metric_and_label_that_is_asked_for_is_exported(
    exported: dict[str, set[str]], expression: str, named: str
) -> None:
    metrics = set(_METRIC.findall(expression))
    assert metrics <= exported.keys()
    known = set[str]().union(*(exported[metric] for metric in metrics))
    if known:  # a metric of which nothing has happened yet shows no label
        assert labels_of(expression) | labels_of(named) <= known


def test_what_is_not_exported_would_be_seen() -> None:
    assert _METRIC.findall("rate(guildhall_nothing_total[5m])") == ["guildhall_nothing_total"]
    asked = 'sum by (service, wrong) (x{status=~"5..", other="a"}) {{named}} {{ $labels.group }}'
    assert labels_of(asked) == {"service", "wrong", "status", "other", "named", "group"}


def test_every_metric_of_ours_is_on_the_dashboard(exported: dict[str, set[str]]) -> None:
    shown = {
        name for panel in panels() for target in panel["targets"] for name in _METRIC.findall(target["expr"])
    }
    ours = {
        name
        for name in exported
        if name.startswith("guildhall_") and not name.endswith(("_count", "_sum", "_created"))
    }
    assert ours == shown


@pytest.mark.parametrize("alert", alerts(), ids=lambda alert: alert["alert"])
def test_every_alert_says_how_bad_it_is_and_what_to_look_at(alert: dict[str, Any]) -> None:
    assert alert["labels"]["severity"] in {"warning", "critical"}
    assert alert["for"] and alert["annotations"]["summary"] and alert["annotations"]["description"]
