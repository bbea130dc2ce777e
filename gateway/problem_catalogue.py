"""Every kind of refusal that this deployment may answer, by its slug: what `type` of a problem points to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from chassis import membership, problems
from chassis.auth import problems as auth_problems
from chassis.problems import PROBLEMS_EXTENSION, ProblemType
from gateway import app as edge
from gateway import limits
from gateway.live import problems as live_problems
from gateway.network import body
from gateway.pages import problems as page_problems

_MODULES = (problems, auth_problems, membership, limits, edge, live_problems, body, page_problems)


def catalogue_of(documents: Mapping[str, Mapping[str, Any]]) -> dict[str, ProblemType]:
    """The chassis' problems, the gateway's, and those that the services' documents list."""
    known = [kind for module in _MODULES for kind in _declared_in(module)]
    known += auth_problems.ACT_PROBLEMS.values()
    for document in documents.values():
        known += [ProblemType(**listed) for listed in document.get(PROBLEMS_EXTENSION, [])]
    return {kind.slug: kind for kind in known}


def _declared_in(module: ModuleType) -> Iterable[ProblemType]:
    return (value for value in vars(module).values() if isinstance(value, ProblemType))
