"""Goals follow from the medians of rounds, and what was not run is no goal."""

import io
from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest
from rich.console import Console

from bench.gateway.load import Load
from bench.ledger.beside import COPY, HORDAK, PGBENCH, TIGERBEETLE
from bench.ledger.figures import Figures
from bench.ledger.load import Sent
from bench.ledger.memory import Held
from bench.ledger.ours import BALANCE, FULL, FULL_TO_ONE, HALF, PLANS, SINGLES, STATEMENT, Round
from bench.ledger.tables import show, spread

GOOD = Sent(70_000, 3_000, 5, 50, 1_000, 0, 5)
READ = Load(requests_per_second=4_000, p50_ms=1, p99_ms=4, requests=8_000, refused=0)
APART = {1: {FULL: [GOOD]}, 2: {FULL: [replace(GOOD, transfers_per_second=50_000)]}}
FLAT = [Held(200_000, 240), Held(1_000_000, 260), Held(1_200_000, 250)]


def round_of(changed: Mapping[str, Sent] | None = None, *, p99_ms: float = 4) -> Round:
    reads = {name: replace(READ, p99_ms=p99_ms) for name in (BALANCE, STATEMENT)}
    return Round({plan.name: GOOD for plan in PLANS} | dict(changed or {}), reads)


def figures(
    *,
    size: float = 200,
    rounds: Mapping[int, Sequence[Round]] | None = None,
    hordak: float = 1_000,
    apart: Mapping[int, Mapping[str, Sequence[Sent]]] = APART,
    memory: Sequence[Held] = FLAT,
) -> Figures:
    measured = rounds or {100_000: [round_of()], 5_000_000: [round_of()], 10_000_000: [round_of()]}
    return Figures(measured, size, {HORDAK[4]: [hordak]}, {}, apart, memory)


def failed(measured: Figures) -> list[str]:
    return [goal.name for goal in measured.goals() if not goal.holds]


def beside_goal(changed: Mapping[str, Sent]) -> Figures:
    return figures(rounds={100_000: [round_of()], 5_000_000: [round_of(changed)], 10_000_000: [round_of()]})


def test_all_goals_can_hold() -> None:
    assert failed(figures()) == []
    assert len(figures().goals()) == 14


@pytest.mark.parametrize(
    ("changed", "goal"),
    [
        ({HALF: replace(GOOD, transfers_per_second=39_999)}, "arrays of 500, transfers/s"),
        ({FULL_TO_ONE: replace(GOOD, transfers_per_second=62_000)}, "all to one account, of uniform"),
        ({SINGLES: replace(GOOD, p99_ms=61)}, "singles of 64 clients, p99 ms"),
        ({SINGLES: replace(GOOD, refused_count=1)}, "answers other than 200"),
    ],
)
def test_what_was_posted_beside_five_million_is_held_against_its_goal(
    changed: Mapping[str, Sent], goal: str
) -> None:
    assert failed(beside_goal(changed)) == [goal]


def test_the_other_figures_are_held_against_theirs() -> None:
    assert failed(figures(size=251)) == ["bytes of disk a transfer"]
    assert failed(figures(hordak=1_500)) == ["arrays of 8,190, times django-hordak"]
    slower = {**APART, 2: {FULL: [replace(GOOD, transfers_per_second=40_000)]}}
    assert failed(figures(apart=slower)) == ["two processes, of one"]
    grown = [*FLAT, Held(1_400_000, 265)]
    assert failed(figures(memory=grown)) == ["memory, % grown from 200,000 to 1,400,000"]


def test_reads_are_held_against_their_goal_and_against_those_beside_fewer() -> None:
    slower = {100_000: [round_of()], 5_000_000: [round_of()], 10_000_000: [round_of(p99_ms=4.9)]}
    assert failed(figures(rounds=slower)) == [
        "balance, times that beside 100,000",
        "newest page of a statement, times that beside 100,000",
    ]
    slow = {size: [round_of(p99_ms=6)] for size in slower}
    assert failed(figures(rounds=slow)) == ["balance, p99 ms beside 10,000,000"]


def test_of_three_rounds_the_one_in_the_middle_counts() -> None:
    rounds = [round_of(p99_ms=p99_ms) for p99_ms in (90, 3, 4)]
    assert figures(rounds={100_000: rounds}).read_p99_ms(100_000, BALANCE) == 4
    assert spread([3_000, 1_000, 1_100]) == ("1,100", "1,000 to 3,000")
    assert spread([1.25]) == ("1.2", "")


def test_what_was_not_run_is_no_goal_and_is_said() -> None:
    peers = {COPY: [300_000.0], PGBENCH: [4_000.0, 4_200.0]}
    few = [Held(20_000, 100), Held(90_000, 200)]
    measured = Figures({10_000: [round_of()]}, 200, peers, {TIGERBEETLE: "it is not there"}, memory=few)
    assert not [goal for goal in measured.goals() if "hordak" in goal.name or "memory" in goal.name]
    told = measured.as_json()
    assert told["not_run_here"] == {TIGERBEETLE: "it is not there"}
    assert told["peers_per_second"][PGBENCH] == {"median": 4_100, "rounds": [4_000, 4_200]}
    said = io.StringIO()
    show(Console(file=said, width=160), measured)
    assert "not run here" in said.getvalue() and "One union" not in said.getvalue()


def test_the_tables_show_what_was_measured() -> None:
    said = io.StringIO()
    show(Console(file=said, width=160), figures())
    for told in ("beside 10,000,000 stored", "holds, opened and taken", "grown by 8.3 %", "0.71"):
        assert told in said.getvalue()
