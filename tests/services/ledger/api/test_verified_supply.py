"""What is issued and burnt is in the journal's supply, and `guildhall verify` counts it by itself."""

import json
from pathlib import Path

import pytest

from events.assembly import DecisionPassed
from guildhall.verify.command import ALTERED, SOUND, verify
from guildhall.verify.hashes import entry_hash
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import FOUNDER, LONG_AGO, SUPPLY_MINOR, UNION, LedgerHouse


async def test_the_verifier_counts_what_is_out(
    house: LedgerHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    decision = DecisionPassed(
        union_id=UNION, decision_id=named("it"), effect="issue", asset="GLD", minor=500, passed_at=LONG_AGO
    )
    await house.consume(decision)
    await house.pay(1, 2, 20, named("burn"), code="burn", credit_account="issuance")
    answer = await house.get("/journal/rows.jsonl", FOUNDER)
    file = tmp_path / "rows.jsonl"
    file.write_text(answer.text, encoding="utf-8")
    assert verify([file], as_json=False) == SOUND
    assert f"Supply GLD={SUPPLY_MINOR + 480}" in capsys.readouterr().out


async def test_a_supply_that_hides_what_was_issued_is_named(
    house: LedgerHouse, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """With its hash made anew, as the last entry: only counting finds it."""
    await house.pay(1, 2, 20, named("burn"), code="burn", credit_account="issuance")
    answer = await house.get("/journal/rows.jsonl", FOUNDER)
    objects = [json.loads(line) for line in answer.text.splitlines()]
    last = next(one for one in reversed(objects) if one["kind"] == "entry")
    last["supply"] = f"GLD={SUPPLY_MINOR}"
    last["hash"] = entry_hash(last)
    file = tmp_path / "rows.jsonl"
    file.write_text("".join(json.dumps(one) + "\n" for one in objects), encoding="utf-8")
    assert verify([file], as_json=False) == ALTERED
    assert "says a supply that its transfers did not issue" in capsys.readouterr().out
