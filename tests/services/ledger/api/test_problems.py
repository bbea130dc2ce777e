"""Every fact that the ledger states has its problem."""

import inspect

from chassis.errors import DomainError
from services.ledger.api.problems import LEDGER_PROBLEMS
from services.ledger.bridge.domain import errors as bridge_errors
from services.ledger.domain import errors


def test_every_fact_has_a_row_with_a_status_and_a_slug_of_its_own() -> None:
    facts = {
        fact
        for module in (errors, bridge_errors)
        for _, fact in inspect.getmembers(module, inspect.isclass)
        if issubclass(fact, DomainError) and fact is not DomainError
    }
    assert set(LEDGER_PROBLEMS) == facts
    assert len({problem.slug for problem in LEDGER_PROBLEMS.values()}) == len(facts)
    assert all(400 <= problem.status < 500 for problem in LEDGER_PROBLEMS.values())


def test_every_detail_names_parameters_that_its_fact_has() -> None:
    for fact, problem in LEDGER_PROBLEMS.items():
        names = inspect.signature(fact.__init__).parameters
        arguments = {name: "x" for name in names if name != "self"}
        assert problem.detail.format_map(fact(**arguments).parameters())
