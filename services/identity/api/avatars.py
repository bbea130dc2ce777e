"""Pictures of members, drawn anew without what the camera wrote into them."""

from uuid import UUID

from fastapi import APIRouter, Request, Response

from chassis.auth.dependencies import SignedIn
from chassis.files.api import (
    CONTENT_ANSWER,
    FILE_BODY,
    ContentSent,
    FileDigest,
    Files,
    LinkSignature,
    LinkTime,
    content_answer,
)
from chassis.files.contents import IMAGES
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.profiles import AvatarView, avatar_view
from services.identity.use_cases.edit_profile import profile_etag
from services.identity.use_cases.keep_avatar import read_avatar, remove_avatar, show_avatar

router = APIRouter(prefix="/v1", route_class=TransactionRoute, tags=["members"])


@router.put(
    "/me/avatar/{digest}",
    openapi_extra=FILE_BODY,
    responses={201: {"model": AvatarView, "description": "Shown."}}
    | problem_responses(401, 403, 404, 409, 413, 415, 422, 503),
)
async def put_my_avatar(
    response: Response, unit: Unit, files: Files, claims: SignedIn, digest: FileDigest, sent: ContentSent
) -> AvatarView:
    """Show this picture of me, JPEG, PNG or WebP, instead of the one before."""
    received = await files.receive(claims.member_id, bytes.fromhex(digest), sent, IMAGES)
    profile, is_new = await show_avatar(unit, files, claims.member_id, received)
    response.status_code = 201 if is_new else 200
    response.headers["ETag"] = profile_etag(profile)
    view = avatar_view(profile, files, unit.now)
    assert view is not None
    return view


@router.delete("/me/avatar", status_code=204, responses=problem_responses(401, 404, 422, 503))
async def delete_my_avatar(unit: Unit, files: Files, claims: SignedIn) -> None:
    """Show no picture any more; it is erased within a day."""
    await remove_avatar(unit, files, claims.member_id)


@router.get(
    "/members/{member}/avatar/{digest}/content",
    response_class=Response,
    responses=CONTENT_ANSWER | problem_responses(403, 404, 422, 503),
)
async def get_avatar_content(
    request: Request,
    member: UUID,
    unit: Unit,
    files: Files,
    digest: FileDigest,
    until: LinkTime,
    signature: LinkSignature,
) -> Response:
    """What the `link` of a picture leads to."""
    left = files.links.check(request.url.path, until, signature, unit.now)
    return content_answer(*await read_avatar(unit, files, member, bytes.fromhex(digest)), left)
