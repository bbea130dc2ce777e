"""Every kind of refusal that this deployment may answer, by its slug: what `type` of a problem points to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import ModuleType

from fastapi import FastAPI

from chassis import membership, problems
from chassis.auth import problems as auth_problems
from chassis.problems import ProblemType
from chassis.service import Chassis
from gateway import app as edge
from gateway import limits
from gateway.live import problems as live_problems

_MODULES = (problems, auth_problems, membership, limits, edge, live_problems)


def catalogue_of(services: Mapping[str, FastAPI]) -> dict[str, ProblemType]:
    """The chassis' problems, the gateway's, and those in the tables of the services."""
    known = [kind for module in _MODULES for kind in _declared_in(module)]
    known += auth_problems.ACT_PROBLEMS.values()
    for service in services.values():
        chassis: Chassis = service.state.chassis
        known += chassis.parts.problems.values()
    return {kind.slug: kind for kind in known}


def _declared_in(module: ModuleType) -> Iterable[ProblemType]:
    return (value for value in vars(module).values() if isinstance(value, ProblemType))
