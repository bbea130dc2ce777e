"""The laws of the house over its whole tree; each law's checker is itself held to planted violations."""

import pytest

from tests.tidy.laws import arguments, domains, files, limits, money, routes, transactions
from tests.tidy.laws.errors import unmapped_errors
from tests.tidy.planted import INNOCENT, PLANTED
from tests.tidy.source_tree import ROOT, Law, SourceFile, code, services, sources

LAWS: dict[str, Law] = {
    law.__name__: law
    for law in (
        transactions.no_session_in_a_yield_dependency,
        transactions.only_the_chassis_commits,
        arguments.no_clock_outside_the_clock,
        arguments.no_ids_outside_the_ids,
        arguments.no_chance_outside_its_source,
        arguments.no_clock_or_ids_in_sql,
        arguments.no_environment_outside_settings,
        money.no_float_in_money_code,
        files.files_are_short,
        files.functions_are_short,
        files.names_say_what_the_thing_is,
        files.modules_say_what_they_own,
        files.no_machine_of_ours,
        domains.domains_import_values_only,
        domains.domains_are_frozen,
        domains.domains_wait_for_nothing,
        domains.events_import_only_pydantic,
        domains.services_are_called_in_one_place,
        limits.limits_name_their_unit,
        routes.routes_are_transactions,
        routes.routes_declare_their_problems,
        routes.routes_tell_what_they_do,
        routes.paths_have_no_verbs,
        routes.acts_that_bind_are_signed,
    )
}


@pytest.mark.parametrize("name", LAWS)
def test_the_house_keeps_the_law(name: str) -> None:
    violations = [str(violation) for file in code() for violation in LAWS[name](file)]
    assert not violations, "\n".join(violations)


@pytest.mark.parametrize(("name", "path", "text"), PLANTED)
def test_a_planted_violation_is_seen(name: str, path: str, text: str) -> None:
    assert list(LAWS[name](SourceFile(path, text)))


@pytest.mark.parametrize(("name", "path", "text"), INNOCENT)
def test_what_breaks_nothing_is_let_pass(name: str, path: str, text: str) -> None:
    assert not list(LAWS[name](SourceFile(path, text)))


def test_every_law_has_a_planted_violation() -> None:
    assert {name for name, _, _ in PLANTED} == LAWS.keys()


@pytest.mark.parametrize("service", [path.name for path in services()])
def test_every_domain_error_has_its_problem(service: str) -> None:
    violations = [str(violation) for violation in unmapped_errors(sources(f"services/{service}"))]
    assert not violations, "\n".join(violations)


def test_an_unmapped_domain_error_is_seen() -> None:
    errors = SourceFile(
        "services/market/domain/errors.py",
        "class OfferNotFound(DomainError): ...\n"
        "class Refused(DomainError): ...\n"
        "class BidRefused(Refused): ...\n"
        "class OwnOffer(Refused): ...\n",
    )
    table = SourceFile("services/market/api/problems.py", "PROBLEMS = {OfferNotFound: 404, OwnOffer: 409}\n")
    assert [violation.what for violation in unmapped_errors([errors, table])] == [
        "BidRefused has no status in api/problems.py"
    ]
    assert len(list(unmapped_errors([errors]))) == 3


def test_what_is_excused_still_exists() -> None:
    excused = {
        *arguments.CLOCK_AND_IDS,
        *arguments.MAY_DRAW,
        *arguments.MAY_READ_ENVIRONMENT,
        *routes.FROM_MEMORY,
        *(path for path, _ in routes.UNSIGNED),
        *domains.CALLERS,
        files.SERVICE_MODULE,
    }
    assert [path for path in sorted(excused) if not (ROOT / path).exists()] == []
