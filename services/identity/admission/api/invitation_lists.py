"""Lists of people who are invited, each by a link of their own, and what becomes of the links."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, ConfigDict, Field, StringConstraints

from chassis.auth.dependencies import Act, ActToKeep, SignedIn
from chassis.pages import Page, Paging, cursor_fields
from chassis.problems import CURSOR_INVALID, Problem, problem_responses
from chassis.route import TransactionRoute, Unit, keep_no_answer
from services.identity.admission.domain.invitation_list import InvitationList
from services.identity.admission.domain.people_file import LINE_MAX
from services.identity.admission.store.invitees import ListedPerson
from services.identity.admission.store.lists import ListFigures
from services.identity.admission.use_cases.begin_list import Terms, begin_list
from services.identity.admission.use_cases.end_list import end_list
from services.identity.admission.use_cases.fill_list import Rows, fill_list
from services.identity.admission.use_cases.read_lists import (
    read_list,
    read_lists,
    read_people_of_list,
    read_refusals,
)
from services.identity.api.fields import UnionOfPath
from services.identity.api.joined import Joined

router = APIRouter(
    prefix="/v1/unions/{union}/invitation-lists", route_class=TransactionRoute, tags=["admission"]
)

NUMBER_MAX = 2**31 - 1
Line = Annotated[int, Path(ge=1, le=LINE_MAX, description="The file's line that the records begin at.")]


class InvitationListBody(BaseModel):
    """What is signed for: how many links, for how long, and whether they are sent."""

    model_config = ConfigDict(extra="forbid")

    rows_max: Annotated[int, Field(ge=1, le=NUMBER_MAX, examples=[500])]
    valid_seconds: Annotated[int, Field(ge=1, le=NUMBER_MAX)] = 2_592_000
    sends_email: bool = Field(False, description="Whether each is sent to the address in its row.")
    language: Literal["en", "de"] = Field("en", description="Of the messages.")


class InvitationListView(BaseModel):
    """A list of people. `format`: list, discourse, mastodon."""

    id: UUID
    format: str
    language: str
    sends_email: bool
    rows_max: int
    made_count: int = Field(description="Links so far.")
    refused_count: int = Field(description="Rows that made none.")
    created_at: datetime
    expires_at: datetime
    ended_at: datetime | None


class InvitationListFiguresView(InvitationListView):
    """With what has become of its links."""

    waiting_count: int = Field(description="Messages that are still to be sent.")
    mailed_count: int
    not_mailed_count: int = Field(description="Messages that no mail server took.")
    opened_count: int
    joined_count: int


class RowsBody(BaseModel):
    """Some lines of a file of people: whole records of CSV, and the headings of the file.

    Separators are `,`, `;`, tab or `|`; headings are known in English and German, and as Discourse (users)
    and Mastodon (follows) export them. A file is sent as UTF-8, in as many requests as it needs.
    """

    model_config = ConfigDict(extra="forbid")

    header: Annotated[str, StringConstraints(min_length=1, max_length=10_000)] = Field(
        examples=["name;e-mail"]
    )
    records: str = Field(examples=["Ada;ada@guild.example\n"])


class PersonalLinkView(BaseModel):
    """`is_new`: it was not made by the same row before."""

    line: int
    link: str
    is_new: bool


class RefusedRowView(BaseModel):
    """A row that made no link: names_nobody, name_too_long, name_unreadable, email_malformed, no_person,
    twice, line_taken, invited_already, joined_already, list_full."""

    line: int
    ground: str


class FilledView(BaseModel):
    """What became of the rows. `table` is CSV to be kept by who asked: line, name, address, link."""

    links: list[PersonalLinkView]
    refused: list[RefusedRowView]
    table: str
    made_count: int = Field(description="Links of the whole list so far.")
    refused_count: int


class ListedMemberName(BaseModel):
    id: UUID
    handle: str


class ListedPersonView(BaseModel):
    """A row of the list. `name` goes when they join; `member` is who joined by the link."""

    line: int
    name: str | None
    mail_due_at: datetime | None
    mailed_at: datetime | None
    mail_fault: str | None
    opened_at: datetime | None
    joined_at: datetime | None
    member: ListedMemberName | None

    @classmethod
    def of(cls, person: ListedPerson) -> "ListedPersonView":
        member = None
        if person.member_id is not None and person.handle is not None:
            member = ListedMemberName(id=person.member_id, handle=person.handle)
        return cls(
            line=person.line,
            name=person.name,
            mail_due_at=person.mail_due_at,
            mailed_at=person.mailed_at,
            mail_fault=person.mail_fault,
            opened_at=person.opened_at,
            joined_at=person.joined_at,
            member=member,
        )


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503))
async def post_invitation_list(
    union: UnionOfPath,
    body: InvitationListBody,
    response: Response,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    _: Act,
) -> InvitationListView:
    """Begin a list of people. A signed act of who admits."""
    terms = Terms(body.rows_max, body.valid_seconds, body.sends_email, body.language)
    found, made = await begin_list(unit, identity.settings, claims.member_id, union, terms)
    response.headers["Location"] = f"/v1/unions/{found.slug}/invitation-lists/{made.id}"
    return _view(made)


@router.get("", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_invitation_lists(
    union: UnionOfPath, unit: Unit, claims: SignedIn, page: Paging
) -> Page[InvitationListView]:
    """The union's lists, the newest first; for who admits."""
    rows = await read_lists(unit, claims.member_id, union, page.after_id, page.limit)
    return page.page_by_id(rows, _view, lambda row: row.id)


@router.get("/{invitation_list}", responses=problem_responses(401, 403, 404, 422, 503))
async def get_invitation_list(
    union: UnionOfPath, invitation_list: UUID, unit: Unit, claims: SignedIn
) -> InvitationListFiguresView:
    """A list with what has become of its links; for who admits."""
    found, figures = await read_list(unit, claims.member_id, union, invitation_list)
    return _figures_view(found, figures)


@router.put(
    "/{invitation_list}/rows/{line}", responses=problem_responses(400, 401, 403, 404, 409, 413, 422, 503)
)
async def put_rows(
    request: Request,
    union: UnionOfPath,
    invitation_list: UUID,
    line: Line,
    body: RowsBody,
    unit: Unit,
    identity: Joined,
    claims: SignedIn,
    act: ActToKeep,
) -> FilledView:
    """Make a link for each row that begins at this line; the same rows once more give the same links.

    A signed act, of which the digest is kept and no name. Links are told here alone.
    """
    keep_no_answer(request)
    filled = await fill_list(
        unit,
        identity.settings,
        identity.links_key,
        claims.member_id,
        union,
        invitation_list,
        Rows(body.header, body.records, line),
        act.content_digest,
    )
    return FilledView(
        links=[PersonalLinkView(line=one.line, link=one.link, is_new=one.is_new) for one in filled.links],
        refused=[RefusedRowView(line=one.line, ground=one.ground.value) for one in filled.refused],
        table=filled.table,
        made_count=filled.filled.made_count,
        refused_count=filled.filled.refused_count,
    )


@router.get("/{invitation_list}/people", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_people_of_list(
    union: UnionOfPath, invitation_list: UUID, unit: Unit, claims: SignedIn, page: Paging
) -> Page[ListedPersonView]:
    """Who is invited by it, in the order of the file; for who admits."""
    after = _line_of(page)
    rows = await read_people_of_list(unit, claims.member_id, union, invitation_list, after, page.limit)
    shown = rows[: page.limit]
    return page.page(
        [ListedPersonView.of(row) for row in shown],
        (shown[-1].line,) if len(rows) > page.limit else None,
    )


@router.get("/{invitation_list}/refusals", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_refusals_of_list(
    union: UnionOfPath, invitation_list: UUID, unit: Unit, claims: SignedIn, page: Paging
) -> Page[RefusedRowView]:
    """Rows that made no link, in the order of the file; for who admits."""
    rows = await read_refusals(unit, claims.member_id, union, invitation_list, _line_of(page), page.limit)
    shown = rows[: page.limit]
    return page.page(
        [RefusedRowView(line=line, ground=ground) for line, ground in shown],
        (shown[-1][0],) if len(rows) > page.limit else None,
    )


@router.delete("/{invitation_list}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_invitation_list(
    union: UnionOfPath, invitation_list: UUID, unit: Unit, claims: SignedIn, _: Act
) -> InvitationListView:
    """End it: links that nobody has used are good no more, and nobody else is written to. A signed act."""
    return _view(await end_list(unit, claims.member_id, union, invitation_list))


def _line_of(page: Paging) -> int:
    """Problem 400 for another list's cursor."""
    line = 0 if page.after is None else int(cursor_fields(page.after, int)[0])
    if not 0 <= line <= LINE_MAX:
        raise Problem(CURSOR_INVALID)
    return line


def _view(made: InvitationList) -> InvitationListView:
    return InvitationListView(
        id=made.id,
        format=made.format,
        language=made.language,
        sends_email=made.sends_email,
        rows_max=made.rows_max,
        made_count=made.made_count,
        refused_count=made.refused_count,
        created_at=made.created_at,
        expires_at=made.expires_at,
        ended_at=made.ended_at,
    )


def _figures_view(made: InvitationList, figures: ListFigures) -> InvitationListFiguresView:
    return InvitationListFiguresView(
        **_view(made).model_dump(),
        waiting_count=figures.waiting_count,
        mailed_count=figures.mailed_count,
        not_mailed_count=figures.not_mailed_count,
        opened_count=figures.opened_count,
        joined_count=figures.joined_count,
    )
