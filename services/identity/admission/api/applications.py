"""Applications: what a union asks, who applies, and what is decided on them."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, SignedIn
from chassis.fields import LINE_PATTERN, TEXT_PATTERN
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.admission.domain.application import Application, ApplicationState
from services.identity.admission.store.applications import PLACE_MAX, Applicant
from services.identity.admission.use_cases.apply import Asked, appeal, apply, own_application, withdraw
from services.identity.admission.use_cases.read_questions import read_questions
from services.identity.admission.use_cases.review_application import (
    admit,
    ask_questions,
    list_applications,
    refuse,
)
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined
from services.identity.api.memberships import MemberName

router = APIRouter(prefix="/v1/unions/{union}", route_class=TransactionRoute, tags=["admission"])

VERSION_MAX = 2**31 - 1
QUESTIONS_MAX = 50
Question = Annotated[str, StringConstraints(min_length=1, max_length=300, pattern=LINE_PATTERN)]
AnswerText = Annotated[str, StringConstraints(min_length=1, max_length=2_000, pattern=TEXT_PATTERN)]
InState = Annotated[ApplicationState, Query(description="Applications that are so.")]


class QuestionsBody(BaseModel):
    """What is asked of who applies from now on."""

    model_config = ConfigDict(extra="forbid")

    questions: Annotated[list[Question], Field(max_length=QUESTIONS_MAX)]


class QuestionsView(BaseModel):
    """How one comes in, and what is asked of who applies."""

    rule: str = Field(examples=["invitation or (application and vouching:3)"])
    questions: list[str]


class ApplicationBody(BaseModel):
    """An answer to each question in its order, and the charter that is accepted."""

    model_config = ConfigDict(extra="forbid")

    answers: Annotated[list[AnswerText], Field(max_length=QUESTIONS_MAX)]
    charter_version: Annotated[int, Field(ge=1, le=VERSION_MAX)]
    charter_hash: Annotated[str, StringConstraints(pattern=r"^[0-9a-fA-F]{64}$")]


class AnswerView(BaseModel):
    question: str
    answer: str


class ApplicationView(BaseModel):
    """States: applied, waiting, admitted, refused, withdrawn. `ground` is of a refusal, against which
    `appeal` was said; `joined_at` is set once the membership has begun. Texts are forgotten in time."""

    id: UUID
    state: str
    answers: list[AnswerView] | None
    charter_version: int
    applied_at: datetime
    decided_at: datetime | None
    ground: str | None
    appeal: str | None
    may_appeal: bool
    joined_at: datetime | None


class OwnApplicationView(ApplicationView):
    """`place`: on the waiting list, from 1."""

    place: int | None = Field(ge=1, le=PLACE_MAX)


class ApplicantView(ApplicationView):
    applicant: MemberName


class GroundBody(BaseModel):
    """Why, for the applicant."""

    model_config = ConfigDict(extra="forbid")

    ground: AnswerText


class AppealBody(BaseModel):
    """What speaks against the refusal."""

    model_config = ConfigDict(extra="forbid")

    text: AnswerText


@router.get("/admission-questions", responses=problem_responses(401, 404, 422, 503))
async def get_admission_questions(union: UnionOfPath, unit: Unit) -> QuestionsView:
    """How one comes in, and what is asked of who applies."""
    rule, questions = await read_questions(unit, union)
    return QuestionsView(rule=rule, questions=list(questions))


@router.put("/admission-questions", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_admission_questions(
    union: UnionOfPath, body: QuestionsBody, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> QuestionsView:
    """Ask these of who applies from now on. A signed act of who admits."""
    await ask_questions(unit, identity.settings, claims.member_id, union, body.questions)
    rule, questions = await read_questions(unit, union)
    return QuestionsView(rule=rule, questions=list(questions))


@router.post(
    "/applications", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
)
async def post_application(
    union: UnionOfPath,
    body: ApplicationBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ApplicationView:
    """Apply, accepting the charter in force. A signed act."""
    asked = Asked(body.answers, body.charter_version, body.charter_hash)
    made = await apply(unit, identity.settings, claims.member_id, union, asked)
    response.headers["Location"] = f"/v1/unions/{made.union_id}/applications/mine"
    return _view(made)


@router.get("/applications", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_applications(
    union: UnionOfPath,
    unit: Unit,
    claims: SignedIn,
    page: Paging,
    state: InState = ApplicationState.APPLIED,
) -> Page[ApplicantView]:
    """Who applied, the oldest first; for who admits."""
    rows = await list_applications(unit, claims.member_id, union, state, page.after_id, page.limit)
    return page.page_by_id(rows, _applicant_view, lambda row: row.application.id)


@router.get("/applications/mine", responses=problem_responses(401, 404, 422, 503))
async def get_my_application(union: UnionOfPath, unit: Unit, claims: SignedIn) -> OwnApplicationView:
    """One's own last application, and the place on the waiting list."""
    last, place = await own_application(unit, claims.member_id, union)
    return OwnApplicationView(**_view(last).model_dump(), place=place)


@router.delete("/applications/mine", responses=problem_responses(400, 401, 404, 409, 422, 503))
async def delete_my_application(union: UnionOfPath, unit: Unit, claims: SignedIn, _: Act) -> ApplicationView:
    """Withdraw it; a repeat changes nothing. A signed act."""
    return _view(await withdraw(unit, claims.member_id, union))


@router.put("/applications/mine/appeal", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def put_my_appeal(
    union: UnionOfPath, body: AppealBody, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> ApplicationView:
    """Have a refusal looked at once more. A signed act."""
    return _view(await appeal(unit, identity.settings, claims.member_id, union, body.text))


@router.put(
    "/applications/{application}/admission", responses=problem_responses(400, 401, 403, 404, 409, 422, 503)
)
async def put_admission(
    union: UnionOfPath, application: UUID, unit: Unit, identity: Joined, claims: SignedIn, _: Act
) -> ApplicationView:
    """Admit, at once or in turn. A signed act of who admits."""
    return _view(await admit(unit, identity.settings, claims.member_id, union, application))


@router.put(
    "/applications/{application}/refusal",
    responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503),
)
async def put_refusal(
    union: UnionOfPath,
    application: UUID,
    body: GroundBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> ApplicationView:
    """Refuse, with a ground for the applicant, who may appeal once. A signed act of who admits."""
    return _view(await refuse(unit, identity.settings, claims.member_id, union, application, body.ground))


def _view(made: Application) -> ApplicationView:
    return ApplicationView(
        id=made.id,
        state=made.state.value,
        answers=None if made.answers is None else _answers(made),
        charter_version=made.charter_version,
        applied_at=made.applied_at,
        decided_at=made.decided_at,
        ground=made.ground,
        appeal=made.appeal,
        may_appeal=made.state is ApplicationState.REFUSED and made.appealed_at is None,
        joined_at=made.joined_at,
    )


def _answers(made: Application) -> list[AnswerView]:
    return [AnswerView(question=one.question, answer=one.answer) for one in made.answers or ()]


def _applicant_view(row: Applicant) -> ApplicantView:
    name = MemberName(id=row.application.applicant_id, handle=row.handle, name=row.name)
    return ApplicantView(**_view(row.application).model_dump(), applicant=name)
