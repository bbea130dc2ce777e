"""The tables of problems: one meaning per type over the whole house, details that their facts can fill."""

import importlib
import inspect
import re
from collections.abc import Iterator, Mapping
from string import Formatter
from typing import Any, cast

import pytest

from chassis.errors import DomainError
from chassis.problems import ProblemType
from tests.tidy.source_tree import ROOT, services

_ASSIGNED = re.compile(r"\bself\.(\w+)(?::[^=]+)? = ")
WITH_PROBLEMS = [path.name for path in services() if (path / "api" / "problems.py").exists()]


def _tables(service: str) -> Iterator[tuple[type[DomainError], ProblemType]]:
    module = importlib.import_module(f"services.{service}.api.problems")
    for value in vars(module).values():
        if isinstance(value, Mapping):
            for error, problem in cast(Mapping[Any, Any], value).items():
                if isinstance(problem, ProblemType) and isinstance(error, type):
                    yield error, problem


def unfillable(error: type[DomainError], problem: ProblemType) -> list[str]:
    """Fields of a problem's detail that are no parameters of its fact: they would end in a 500."""
    families = [kind for kind in error.__mro__ if issubclass(kind, DomainError) and kind is not DomainError]
    told = {
        name
        for kind in families
        for name in (*_ASSIGNED.findall(inspect.getsource(kind)), *kind.__annotations__)
    }
    fields = {name for _, name, _, _ in Formatter().parse(problem.detail) if name}
    return sorted(fields - told)


@pytest.mark.parametrize("service", WITH_PROBLEMS)
def test_every_detail_can_be_filled(service: str) -> None:
    table = list(_tables(service))
    assert table
    found = {error.__name__: lost for error, problem in table if (lost := unfillable(error, problem))}
    assert not found


@pytest.mark.parametrize("service", WITH_PROBLEMS)
def test_a_refusal_is_a_status_of_the_client_with_a_slug_and_a_title(service: str) -> None:
    for error, problem in _tables(service):
        assert 400 <= problem.status < 500, error
        assert problem.slug == problem.slug.lower(), error
        assert " " not in problem.slug, error
        assert problem.title[:1].isupper(), error


def test_a_type_means_one_thing_in_the_whole_house() -> None:
    statuses: dict[str, set[int]] = {}
    for service in WITH_PROBLEMS:
        for _, problem in _tables(service):
            statuses.setdefault(problem.slug, set()).add(problem.status)
    assert {slug: found for slug, found in statuses.items() if len(found) > 1} == {}


class _Planted(DomainError):
    def __init__(self, limit: int) -> None:
        super().__init__("planted")
        self.limit = limit


def test_a_detail_that_cannot_be_filled_is_seen() -> None:
    assert unfillable(_Planted, ProblemType("planted", 409, "Planted", "At most {limit}, not {count}.")) == [
        "count"
    ]
    assert unfillable(_Planted, ProblemType("planted", 409, "Planted", "At most {limit}.")) == []


@pytest.mark.parametrize("service", WITH_PROBLEMS)
def test_every_refusal_has_a_test(service: str) -> None:
    folders = (ROOT / "tests" / "services" / service, ROOT / "tests" / "flows")
    tests = "\n".join(
        path.read_text(encoding="utf-8") for folder in folders for path in sorted(folder.rglob("*.py"))
    )
    untested = sorted(
        error.__name__
        for error, problem in _tables(service)
        if error.__name__ not in tests
        and f'"{problem.slug}"' not in tests
        and f"/{problem.slug}" not in tests
    )
    assert not untested
