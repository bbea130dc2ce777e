"""Photos of offers: shown by their owner, seen by the members of the union."""

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
from chassis.files.contents import IMAGES
from chassis.files.tables import Subject
from chassis.membership import ActiveMember, MembershipOfCaller, UnionOfPath
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.market.domain.errors import OfferNotFound
from services.market.settings import MarketSettings
from services.market.store.offers import fetch_offer
from services.market.use_cases.keep_offer_photos import OFFER, add_offer_photo, remove_offer_photo

router = APIRouter(prefix="/v1/unions/{union}", tags=["market"], route_class=TransactionRoute)


def _path_of(subject: Subject) -> str:
    return f"/v1/unions/{subject.union_id}/offers/{subject.id}/photos"


@router.put(
    "/offers/{offer}/photos/{digest}",
    openapi_extra=FILE_BODY,
    responses=NEW_FILE | problem_responses(401, 403, 404, 409, 413, 415, 422, 503),
)
async def put_offer_photo(
    request: Request,
    response: Response,
    unit: Unit,
    member: ActiveMember,
    files: Files,
    offer: UUID,
    digest: FileDigest,
    sent: ContentSent,
    name: FileName = "",
) -> FileView:
    """Show a photo with one's offer: JPEG, PNG or WebP, kept without what the camera wrote into it."""
    settings: MarketSettings = request.app.state.chassis.settings
    received = await files.receive(member.union.id, bytes.fromhex(digest), sent, IMAGES)
    subject = Subject(member.union.id, OFFER, offer)
    photo, is_new = await add_offer_photo(
        unit, files, subject, member.member_id, name, received, settings.photos_per_offer_max_count
    )
    response.status_code = 201 if is_new else 200
    return FileView.of(files, photo, _path_of(subject), unit.now)


@router.get("/offers/{offer}/photos", responses=problem_responses(401, 403, 404, 422, 503))
async def get_offer_photos(unit: Unit, member: ActiveMember, files: Files, offer: UUID) -> FilesView:
    """The photos of an offer, as they were added."""
    if await fetch_offer(unit, member.union.id, offer) is None:
        raise OfferNotFound(offer)
    subject = Subject(member.union.id, OFFER, offer)
    return FilesView.of(files, await files.files_of(unit, subject), _path_of(subject), unit.now)


@router.delete(
    "/offers/{offer}/photos/{digest}", status_code=204, responses=problem_responses(401, 403, 404, 422, 503)
)
async def delete_offer_photo(
    unit: Unit, member: MembershipOfCaller, files: Files, offer: UUID, digest: FileDigest
) -> None:
    """Take a photo away; what nothing else shows is erased within a day."""
    subject = Subject(member.union.id, OFFER, offer)
    await remove_offer_photo(unit, files, subject, member.member_id, bytes.fromhex(digest))


@router.get(
    "/offers/{offer}/photos/{digest}/content",
    response_class=Response,
    responses=CONTENT_ANSWER | problem_responses(403, 404, 422, 503),
)
async def get_offer_photo_content(
    request: Request,
    unit: Unit,
    union: UnionOfPath,
    files: Files,
    offer: UUID,
    digest: FileDigest,
    until: LinkTime,
    signature: LinkSignature,
) -> Response:
    """What the `link` of a photo leads to."""
    left = files.links.check(request.url.path, until, signature, unit.now)
    subject = Subject(union.id, OFFER, offer)
    return content_answer(*await files.content_of(unit, subject, bytes.fromhex(digest)), left)
