"""Ways that are gone twice: in one process, and over a network of servers with replicas."""

from pathlib import Path

import pytest

TWICE = ("test_work", "test_own_writes", "test_outages", "test_home", "test_device_acts", "test_signing_keys")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "deployment" in metafunc.fixturenames and Path(metafunc.definition.path).stem in TWICE:
        metafunc.parametrize("deployment", ["one process", "network"], indirect=True, scope="module")
