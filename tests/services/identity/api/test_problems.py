"""The table of problems: complete, each with its own slug, each text made of its fact's parameters."""

import inspect

from chassis.errors import DomainError
from services.identity.api.problems import PROBLEMS
from services.identity.domain import errors


def test_every_fact_has_its_problem() -> None:
    facts = {
        value
        for value in vars(errors).values()
        if inspect.isclass(value) and issubclass(value, DomainError) and value is not DomainError
    }
    assert facts <= set(PROBLEMS)


def test_no_two_facts_share_a_slug() -> None:
    slugs = [problem.slug for problem in PROBLEMS.values()]
    assert len(slugs) == len(set(slugs))
