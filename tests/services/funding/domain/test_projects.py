"""Every state of a project against every act, and: all-or-nothing means all or refunded."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chassis.errors import DomainError
from services.funding.domain import projects
from services.funding.domain.errors import (
    DeadlinePassed,
    DebitMismatch,
    OwnProject,
    ProjectNotOpen,
    SettlementNotWaiting,
)
from services.funding.domain.projects import Project, ProjectState
from tests.services.funding.domain.funding_nouns import (
    DEADLINE,
    NOW,
    TARGET,
    a_project,
    backer,
    owner,
    project_id,
)

S = ProjectState
Act = Callable[[Project], Project]

ACTS: dict[str, Act] = {
    "pledge": lambda p: projects.begin_pledge(p, backer, NOW),
    "withdraw": lambda p: projects.begin_withdrawal(p, 1, NOW),
    "settlement posted": lambda p: projects.settlement_posted(p, NOW),
    "settlement refused": lambda p: projects.settlement_refused(p, "locked"),
}
ALLOWED: dict[str, dict[ProjectState, ProjectState]] = {
    "pledge": {S.OPEN: S.OPEN},
    "withdraw": {S.OPEN: S.OPEN},
    "settlement posted": {S.PAYING: S.PAID_OUT, S.REFUNDING: S.REFUNDED},
    "settlement refused": {S.PAYING: S.PAYING, S.REFUNDING: S.REFUNDING},
}


@pytest.mark.parametrize("state", list(S))
@pytest.mark.parametrize("act", list(ACTS))
def test_every_act_in_every_state_moves_the_project_or_is_refused(act: str, state: ProjectState) -> None:
    before = a_project(state, pledged_minor=10, held=2)
    expected = ALLOWED[act].get(state)
    if expected is not None:
        after = ACTS[act](before)
        assert after.state is expected
        assert after.version == before.version + 1
        return
    refusal: type[DomainError] = ProjectNotOpen if act in {"pledge", "withdraw"} else SettlementNotWaiting
    with pytest.raises(refusal):
        ACTS[act](before)


@pytest.mark.parametrize(
    ("state", "pledged", "held", "unanswered", "late", "expected"),
    [
        (S.OPEN, TARGET - 1, 1, 0, False, S.OPEN),
        (S.OPEN, TARGET, 1, 0, False, S.PAYING),
        (S.OPEN, TARGET, 1, 1, False, S.REACHED),
        (S.OPEN, TARGET, 1, 1, True, S.REACHED),
        (S.OPEN, TARGET, 1, 0, True, S.PAYING),
        (S.OPEN, TARGET - 1, 1, 1, True, S.OPEN),
        (S.OPEN, TARGET - 1, 1, 0, True, S.REFUNDING),
        (S.OPEN, 0, 0, 0, True, S.REFUNDED),
        (S.OPEN, 0, 0, 0, False, S.OPEN),
        (S.REACHED, TARGET, 1, 1, True, S.REACHED),
        (S.REACHED, TARGET, 1, 0, False, S.PAYING),
        (S.PAYING, TARGET, 1, 0, True, S.PAYING),
        (S.PAID_OUT, TARGET, 1, 0, True, S.PAID_OUT),
        (S.REFUNDING, 1, 1, 0, True, S.REFUNDING),
        (S.REFUNDED, 1, 1, 0, True, S.REFUNDED),
    ],
)
def test_money_and_the_deadline_alone_decide(
    *, state: ProjectState, pledged: int, held: int, unanswered: int, late: bool, expected: ProjectState
) -> None:
    project = a_project(state, pledged_minor=pledged, held=held, unanswered=unanswered)
    settled = projects.settle(project, DEADLINE if late else NOW)
    assert settled.state is expected
    assert (settled is project) == (expected is state)


def test_a_member_does_not_pledge_to_their_own_project() -> None:
    with pytest.raises(OwnProject):
        projects.begin_pledge(a_project(), owner, NOW)


def test_at_the_deadline_pledging_and_withdrawing_end_even_before_the_timer_ran() -> None:
    with pytest.raises(DeadlinePassed):
        projects.begin_pledge(a_project(), backer, DEADLINE)
    with pytest.raises(DeadlinePassed):
        projects.begin_withdrawal(a_project(pledged_minor=10, held=1), 10, DEADLINE)


@pytest.mark.parametrize(
    ("asset", "to", "field"),
    [("SLV", f"projects/{project_id}", "asset"), ("GLD", "projects/other", "to")],
)
def test_a_debit_to_elsewhere_or_in_another_asset_is_refused(asset: str, to: str, field: str) -> None:
    with pytest.raises(DebitMismatch) as refusal:
        projects.check_debit(a_project(), asset, to)
    assert refusal.value.field == field


def test_a_debit_to_the_escrow_of_the_project_is_right() -> None:
    projects.check_debit(a_project(), "GLD", f"projects/{project_id}")


def test_a_refused_settlement_is_shown_until_one_is_posted() -> None:
    refused = projects.settlement_refused(a_project(S.PAYING, pledged_minor=TARGET, held=1), "locked")
    assert refused.refusal == "locked"
    paid = projects.settlement_posted(refused, NOW)
    assert (paid.refusal, paid.settled_minor, paid.settled_at) == (None, TARGET, NOW)


Answers = st.lists(
    st.tuples(
        st.integers(min_value=1, max_value=60), st.sampled_from(["hold", "refuse", "withdraw", "wait"])
    ),
    max_size=12,
)


@given(answers=Answers)
def test_all_or_nothing_means_all_or_refunded(answers: list[tuple[int, str]]) -> None:
    """Whatever the ledger answers, the project ends paid with its target or with every pledge returned."""
    project, escrow, unanswered = a_project(), 0, 0
    for amount, answer in answers:
        if project.state is not S.OPEN:
            break
        project = projects.begin_pledge(project, backer, NOW)
        if answer == "wait":
            unanswered += 1
            continue
        project = (
            projects.drop_pledge(project) if answer == "refuse" else projects.hold_pledge(project, amount)
        )
        escrow += 0 if answer == "refuse" else amount
        if answer == "withdraw" and project.pledged_minor < TARGET:
            project = projects.drop_pledge(projects.begin_withdrawal(project, amount, NOW))
            escrow -= amount
        project = projects.settle(project, NOW)
        assert project.state is not S.PAYING or not unanswered
    for _ in range(unanswered):
        project = projects.settle(projects.hold_pledge(project, 1), NOW)
        escrow += 1
    project = projects.settle(project, DEADLINE)
    assert project.pledged_minor == escrow
    assert project.unanswered_count == 0
    if escrow >= TARGET:
        assert project.state is S.PAYING
    else:
        assert project.state is (S.REFUNDING if escrow else S.REFUNDED)
