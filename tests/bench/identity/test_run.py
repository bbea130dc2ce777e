"""The benchmark of identity: proofs are really checked, and goals say truly whether they hold."""

from dataclasses import asdict, replace

from bench.gateway.load import Load
from bench.identity.asking import Asked
from bench.identity.endings import Endings
from bench.identity.million import FIRST_PAGE, SEARCH
from bench.identity.proofs import ProofCosts, proof_costs
from bench.identity.run import ACT, SIGN_IN, Figures
from bench.ledger.load import Measured

GOOD = Load(requests_per_second=500, p50_ms=4, p99_ms=9, requests=4_000, refused=0)
COSTS = ProofCosts(
    token_cached_us=4, token_new_us=150, token_made_us=100, act_us=150, sign_in_us=300, ed25519_us=100
)


def _asked(cpu_us: float) -> Asked:
    measured = Measured()
    for number in range(10):
        measured.note(number, number + 0.5, b"204", b"")
    return Asked(measured.result(), cpu_us)


def _figures() -> Figures:
    return Figures(
        costs=COSTS,
        asked={SIGN_IN: _asked(4_000), ACT: _asked(1_500)},
        members=1_000_000,
        reads={FIRST_PAGE: GOOD, SEARCH: GOOD},
        endings=Endings(tuple(number / 1_000 for number in range(1, 101))),
    )


def _failed(figures: Figures) -> list[str]:
    return [goal.name for goal in figures.goals() if not goal.holds]


def test_goals_hold_where_they_do_and_nowhere_else() -> None:
    good = _figures()
    assert _failed(good) == []
    assert _failed(replace(good, reads={FIRST_PAGE: replace(GOOD, p99_ms=16), SEARCH: GOOD})) == [
        "first page of the members, p99 ms"
    ]
    assert _failed(replace(good, costs=replace(COSTS, token_cached_us=51))) == [
        "token checks of one core, cached, a second"
    ]
    assert _failed(replace(good, endings=Endings((0.1, 1.2)))) == [
        "an ended device is refused in the cluster, p99 ms"
    ]
    refused = replace(_asked(1_500), sent=replace(_asked(1_500).sent, refused_count=1))
    assert _failed(replace(good, asked={SIGN_IN: _asked(4_000), ACT: refused})) == ["requests refused"]


def test_without_a_cluster_its_goal_is_not_claimed() -> None:
    told = replace(_figures(), endings="no caddy on this machine").as_json()
    assert told["endings_seconds"] == "no caddy on this machine"
    assert not any("cluster" in goal["name"] for goal in told["goals"])


def test_cryptography_has_its_share_of_a_request() -> None:
    assert _figures().shares == {SIGN_IN: 0.1, ACT: 0.1}


def test_every_proof_is_measured() -> None:
    costs = asdict(proof_costs(5))
    assert all(cost > 0 for cost in costs.values()), costs
