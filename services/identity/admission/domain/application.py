"""An application: asked, waiting, admitted, refused with its ground, looked at once more, withdrawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from uuid import UUID

from services.identity.admission.domain.errors import (
    AnswersWrong,
    AppealedOnce,
    ApplicationDecided,
    ApplicationOpen,
    ApplicationRefusedLately,
    OwnApplication,
)


class ApplicationState(StrEnum):
    APPLIED = "applied"
    WAITING = "waiting"
    ADMITTED = "admitted"
    REFUSED = "refused"
    WITHDRAWN = "withdrawn"


@dataclass(frozen=True, slots=True)
class Answer:
    """The question as it was asked then."""

    question: str
    answer: str


@dataclass(frozen=True, slots=True)
class Application:
    """`answers` is None once they are forgotten. `joined_at`: of the membership that began by it."""

    id: UUID
    union_id: UUID
    applicant_id: UUID
    state: ApplicationState
    answers: Sequence[Answer] | None
    charter_version: int
    charter_hash: str
    applied_at: datetime
    decided_by: UUID | None = None
    decided_at: datetime | None = None
    ground: str | None = None
    appeal: str | None = None
    appealed_at: datetime | None = None
    waiting_since: datetime | None = None
    joined_at: datetime | None = None

    @property
    def is_open(self) -> bool:
        """Whether it leads to a membership as it stands."""
        return self.joined_at is None and self.state in (
            ApplicationState.APPLIED,
            ApplicationState.WAITING,
            ApplicationState.ADMITTED,
        )


def require_may_apply(last: Application | None, pause: timedelta, now: datetime) -> None:
    """Raises ApplicationOpen, ApplicationRefusedLately."""
    if last is None:
        return
    if last.is_open:
        raise ApplicationOpen(last.state.value)
    if (
        last.state is ApplicationState.REFUSED
        and last.decided_at is not None
        and now < last.decided_at + pause
    ):
        raise ApplicationRefusedLately(last.decided_at + pause)


def answered(questions: Sequence[str], answers: Sequence[str]) -> tuple[Answer, ...]:
    """Raises AnswersWrong."""
    if len(questions) != len(answers):
        raise AnswersWrong(len(questions))
    return tuple(Answer(question, answer) for question, answer in zip(questions, answers, strict=True))


def admitted(application: Application, reviewer_id: UUID, *, waits: bool, now: datetime) -> Application:
    """Or put on the waiting list. Raises OwnApplication, ApplicationDecided."""
    _require_decidable(application, reviewer_id)
    return replace(
        application,
        state=ApplicationState.WAITING if waits else ApplicationState.ADMITTED,
        waiting_since=now if waits else None,
        decided_by=reviewer_id,
        decided_at=now,
        ground=None,
    )


def refused(application: Application, reviewer_id: UUID, ground: str, now: datetime) -> Application:
    """Also who waits. Raises OwnApplication, ApplicationDecided."""
    if application.state is not ApplicationState.WAITING:
        _require_decidable(application, reviewer_id)
    return replace(
        application,
        state=ApplicationState.REFUSED,
        waiting_since=None,
        decided_by=reviewer_id,
        decided_at=now,
        ground=ground,
    )


def appealed(application: Application, text: str, now: datetime) -> Application:
    """Looked at once more. Raises ApplicationDecided, AppealedOnce."""
    if application.state is not ApplicationState.REFUSED:
        raise ApplicationDecided(application.state.value)
    if application.appealed_at is not None:
        raise AppealedOnce
    return replace(application, state=ApplicationState.APPLIED, appeal=text, appealed_at=now)


def withdrawn(application: Application, now: datetime) -> Application:
    """Raises ApplicationDecided for one that is over."""
    if not application.is_open:
        raise ApplicationDecided(application.state.value)
    return replace(application, state=ApplicationState.WITHDRAWN, waiting_since=None, decided_at=now)


def turn_came(application: Application) -> Application:
    """From the waiting list."""
    assert application.state is ApplicationState.WAITING
    return replace(application, state=ApplicationState.ADMITTED, waiting_since=None)


def _require_decidable(application: Application, reviewer_id: UUID) -> None:
    if application.applicant_id == reviewer_id:
        raise OwnApplication
    if application.state is not ApplicationState.APPLIED:
        raise ApplicationDecided(application.state.value)
