"""Files of agreements: what was made and what proves it, for the two parties alone."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.files.api import (
    CONTENT_ANSWER,
    FILE_BODY,
    NEW_FILE,
    ContentSent,
    FileDigest,
    FileName,
    Files,
    FilesView,
    FileView,
    LinkSignature,
    LinkTime,
    content_answer,
)
from chassis.files.tables import Subject
from chassis.membership import MembershipOfCaller, UnionOfPath
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.market.domain.errors import AgreementNotFound
from services.market.settings import MarketSettings
from services.market.store.agreements import fetch_agreement
from services.market.use_cases.keep_agreement_files import (
    AGREEMENT,
    add_agreement_file,
    remove_agreement_file,
)

router = APIRouter(prefix="/v1/unions/{union}", tags=["market"], route_class=TransactionRoute)


def _path_of(subject: Subject) -> str:
    return f"/v1/unions/{subject.union_id}/agreements/{subject.id}/files"


@router.put(
    "/agreements/{agreement}/files/{digest}",
    openapi_extra=FILE_BODY,
    responses=NEW_FILE | problem_responses(401, 403, 404, 409, 413, 415, 422, 503),
)
async def put_agreement_file(
    request: Request,
    response: Response,
    unit: Unit,
    member: MembershipOfCaller,
    files: Files,
    agreement: UUID,
    digest: FileDigest,
    sent: ContentSent,
    name: FileName = "",
) -> FileView:
    """Add what was made, or what proves it: JPEG, PNG, WebP, PDF or plain text. Both parties may."""
    settings: MarketSettings = request.app.state.chassis.settings
    received = await files.receive(member.union.id, bytes.fromhex(digest), sent)
    subject = Subject(member.union.id, AGREEMENT, agreement)
    file, is_new = await add_agreement_file(
        unit, files, subject, member.member_id, name, received, settings.files_per_agreement_max_count
    )
    response.status_code = 201 if is_new else 200
    return FileView.of(files, file, _path_of(subject), unit.now)


@router.get("/agreements/{agreement}/files", responses=problem_responses(401, 403, 404, 422, 503))
async def get_agreement_files(
    unit: Unit, member: MembershipOfCaller, files: Files, agreement: UUID
) -> FilesView:
    """The files of an agreement, as they were added; to others it does not exist."""
    found = await fetch_agreement(unit, member.union.id, agreement)
    if found is None or member.member_id not in {found.employer_id, found.worker_id}:
        raise AgreementNotFound(agreement)
    subject = Subject(member.union.id, AGREEMENT, agreement)
    return FilesView.of(files, await files.files_of(unit, subject), _path_of(subject), unit.now)


@router.delete(
    "/agreements/{agreement}/files/{digest}",
    status_code=204,
    responses=problem_responses(401, 403, 404, 409, 422, 503),
)
async def delete_agreement_file(
    unit: Unit, member: MembershipOfCaller, files: Files, agreement: UUID, digest: FileDigest
) -> None:
    """Take back a file of one's own. What has been delivered stays: it is evidence."""
    subject = Subject(member.union.id, AGREEMENT, agreement)
    await remove_agreement_file(unit, files, subject, member.member_id, bytes.fromhex(digest))


@router.get(
    "/agreements/{agreement}/files/{digest}/content",
    response_class=Response,
    responses=CONTENT_ANSWER | problem_responses(403, 404, 422, 503),
)
async def get_agreement_file_content(
    request: Request,
    unit: Unit,
    union: UnionOfPath,
    files: Files,
    agreement: UUID,
    digest: FileDigest,
    until: LinkTime,
    signature: LinkSignature,
) -> Response:
    """What the `link` of a file leads to."""
    left = files.links.check(request.url.path, until, signature, unit.now)
    subject = Subject(union.id, AGREEMENT, agreement)
    return content_answer(*await files.content_of(unit, subject, bytes.fromhex(digest)), left)
