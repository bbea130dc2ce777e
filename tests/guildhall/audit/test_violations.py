"""Each promise is broken by hand, and the audit ends with 1 and names the promise, the row, the database."""

import pytest

from guildhall.audit.command import BROKEN, report
from guildhall.audit.run import PROMISES
from services.graph.domain.voice_forest import VoiceForest
from tests.guildhall.audit.planting import names_of, planted, verdict_on
from tests.guildhall.audit.town import Town
from tests.guildhall.audit.violations.acceptances import ACCEPTANCES
from tests.guildhall.audit.violations.acts import ACTS
from tests.guildhall.audit.violations.admission import ADMISSION
from tests.guildhall.audit.violations.ahead import AHEAD
from tests.guildhall.audit.violations.business_accounts import BUSINESS_ACCOUNTS
from tests.guildhall.audit.violations.businesses import BUSINESSES
from tests.guildhall.audit.violations.erasure import ERASURE
from tests.guildhall.audit.violations.exclusion import EXCLUSION
from tests.guildhall.audit.violations.funding import FUNDING
from tests.guildhall.audit.violations.graph import GRAPH
from tests.guildhall.audit.violations.house import HOUSE
from tests.guildhall.audit.violations.identity import IDENTITY
from tests.guildhall.audit.violations.ledger import LEDGER
from tests.guildhall.audit.violations.market import MARKET
from tests.guildhall.audit.violations.offices import OFFICES
from tests.guildhall.audit.violations.operators import OPERATORS
from tests.guildhall.audit.violations.profiles import PROFILES
from tests.guildhall.audit.violations.succession import SUCCESSION
from tests.guildhall.audit.violations.supply import SUPPLY
from tests.guildhall.audit.violations.violation import Violation

VIOLATIONS = (
    *IDENTITY,
    *ACCEPTANCES,
    *ADMISSION,
    *EXCLUSION,
    *SUCCESSION,
    *OFFICES,
    *BUSINESSES,
    *BUSINESS_ACCOUNTS,
    *OPERATORS,
    *PROFILES,
    *ACTS,
    *GRAPH,
    *MARKET,
    *LEDGER,
    *AHEAD,
    *SUPPLY,
    *FUNDING,
    *HOUSE,
    *ERASURE,
)


@pytest.mark.parametrize(
    "violation", VIOLATIONS, ids=[f"{violation.promise}: {violation.what}" for violation in VIOLATIONS]
)
async def test_a_planted_violation_is_named(
    town: Town, violation: Violation, capsys: pytest.CaptureFixture[str]
) -> None:
    async with planted(town, violation.statements) as house:
        verdict = await verdict_on(house, violation.promise)
    row, wrong = (text.format(**names_of(town)) for text in (violation.row, violation.wrong))
    named = [
        finding
        for finding in verdict.checked.findings
        if finding.database == violation.database and row in finding.row and wrong in finding.wrong
    ]
    assert named, verdict.checked.findings
    assert report([verdict], as_json=False) == BROKEN
    printed = capsys.readouterr().out
    assert f"BROKEN {violation.promise}" in printed
    assert any(f"{finding.database}: {finding.row}: {finding.wrong}" in printed for finding in named)


async def test_a_branch_counted_otherwise_than_by_walking_is_named(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    counted = VoiceForest.branch_count
    monkeypatch.setattr(VoiceForest, "branch_count", lambda self, number: counted(self, number) + 1)
    async with planted(town, {}) as house:
        verdict = await verdict_on(house, "graph.voices")
    assert any("a branch counted as" in finding.wrong for finding in verdict.checked.findings)


def test_every_promise_is_broken_by_some_violation() -> None:
    assert {promise.name for promise in PROMISES} == {violation.promise for violation in VIOLATIONS}
