"""Owners resolve: one proposes, others approve, and it passes by more than half of all shares."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import Post, PostEnding, PostKind, require_term
from services.identity.businesses.domain.errors import (
    AppointmentRefused,
    BusinessLimit,
    BusinessRefused,
    PostNotFound,
    ResolutionNotFound,
    ResolutionOver,
)
from services.identity.businesses.domain.resolution import (
    Resolution,
    ResolutionKind,
    ResolutionState,
    passes,
    tally,
)
from services.identity.businesses.store import resolutions
from services.identity.businesses.use_cases.close_business import close_business
from services.identity.businesses.use_cases.keep_hire import give_post, prolong_post, require_room, take_posts
from services.identity.businesses.use_cases.standing import Scene, scene_of
from services.identity.businesses.use_cases.tell_grants import tell_grants
from services.identity.domain.errors import MemberNotFound
from services.identity.notices.use_cases.take_notices import tell_members
from services.identity.settings import IdentitySettings
from services.identity.store import members
from services.identity.use_cases.find_union import union_of


@dataclass(frozen=True, slots=True)
class ResolutionDraft:
    """What the act says. `member`: handle or id, of whom it appoints or dismisses."""

    kind: ResolutionKind
    member: str | None
    term_seconds: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """A resolution, the shares that approve it by now, and whether the reader is among them."""

    resolution: Resolution
    shares: int
    approved_by_me: bool


async def propose_resolution(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    business_id: UUID,
    draft: ResolutionDraft,
) -> Counted:
    """Proposed and approved by the same act; it passes at once where that is enough.

    Raises UnionNotFound, BusinessNotFound, MemberNotFound, UnionDissolved, NotAMember, BusinessClosed,
    BusinessRightMissing, BusinessRefused, AppointmentRefused, PostNotFound, BusinessLimit.
    """
    _require_whole(draft, settings)
    about = None if draft.member is None else await members.profile_named(unit, draft.member)
    if draft.member is not None and about is None:
        raise MemberNotFound(draft.member)
    about_id = None if about is None else about.member_id
    scene = await _scene(unit, member_id, union, business_id, draft.kind, about_id)
    resolution = Resolution(
        id=unit.ids.new(),
        kind=draft.kind,
        member_id=about_id,
        term_seconds=draft.term_seconds,
        proposed_by=member_id,
        proposed_at=unit.now,
        expires_at=unit.now + timedelta(seconds=settings.business_resolution_seconds),
    )
    _require_sense(unit, scene, resolution)
    if await resolutions.open_resolutions(unit, scene.union.id, business_id) >= (
        settings.business_resolutions_open_max
    ):
        raise BusinessLimit("resolutions", settings.business_resolutions_open_max)
    await resolutions.add_resolution(unit, scene.union.id, business_id, resolution)
    scene.record(unit, "owner", {"resolution": resolution.id, "kind": draft.kind.value, "member": about_id})
    counted = await _approve(unit, settings, scene, resolution)
    if counted.resolution.passed_at is None:
        await _ask_others(unit, settings, scene)
    return counted


async def approve_resolution(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    business_id: UUID,
    resolution_id: UUID,
) -> Counted:
    """Repeated, it is counted anew: shares may have come to who has approved it. One that has passed by it
    stays so.

    Raises UnionNotFound, BusinessNotFound, ResolutionNotFound, UnionDissolved, NotAMember, BusinessClosed,
    BusinessRightMissing, ResolutionOver, AppointmentRefused, PostNotFound, BusinessLimit.
    """
    found = await union_of(unit, union)
    known = await resolutions.find_resolution(unit, found.id, business_id, resolution_id)
    kind, about_id = (None, None) if known is None else (known.kind, known.member_id)
    scene = await _scene(unit, member_id, union, business_id, kind, about_id)
    resolution = await resolutions.find_resolution(unit, found.id, business_id, resolution_id)
    if resolution is None:
        raise ResolutionNotFound(str(resolution_id))
    state = resolution.state_at(unit.now)
    if state is not ResolutionState.OPEN:
        raise ResolutionOver(state.value)
    return await _approve(unit, settings, scene, resolution)


async def _scene(
    unit: UnitOfWork,
    member_id: UUID,
    union: str,
    business_id: UUID,
    kind: ResolutionKind | None,
    about_id: UUID | None,
) -> Scene:
    """Of a closed business too, which managers wind up: it is closed once alone."""
    scene = await scene_of(unit, member_id, union, business_id, () if about_id is None else {about_id})
    scene.require_member()
    if kind is ResolutionKind.CLOSE:
        scene.business.require_open()
    scene.require_voice("resolve in it")
    return scene


def _require_whole(draft: ResolutionDraft, settings: IdentitySettings) -> None:
    if (draft.member is not None) != (draft.kind is not ResolutionKind.CLOSE):
        raise BusinessRefused("appoint and dismiss name a member, and close names none")
    if (draft.term_seconds is not None) != (draft.kind is ResolutionKind.APPOINT):
        raise BusinessRefused("appoint has a term, and the others have none")
    if draft.term_seconds is not None:
        require_term(draft.term_seconds, settings.business_term_max_seconds)


def _require_sense(unit: UnitOfWork, scene: Scene, resolution: Resolution) -> None:
    """Whether it can be carried out as things are. Raises AppointmentRefused, PostNotFound."""
    if resolution.member_id is None:
        return
    managed = _management(scene, resolution.member_id)
    if resolution.kind is ResolutionKind.DISMISS and not managed:
        raise PostNotFound(str(resolution.member_id))
    if resolution.kind is ResolutionKind.APPOINT:
        if not scene.is_active(resolution.member_id):
            raise AppointmentRefused("who has a post is an active member of the union")
        until = _until(unit, resolution)
        if any(post.until >= until or not scene.roster.chain(post, unit.now) for post in managed):
            raise AppointmentRefused("the member manages the business already: a new term ends later")


def _management(scene: Scene, member_id: UUID) -> list[Post]:
    """Also what rests while its member is suspended."""
    return [post for post in scene.roster.posts_of(member_id) if post.kind is PostKind.MANAGER]


def _until(unit: UnitOfWork, resolution: Resolution) -> datetime:
    """When the term is over, if it passes now."""
    assert resolution.term_seconds is not None
    return unit.now + timedelta(seconds=resolution.term_seconds)


async def _approve(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, resolution: Resolution
) -> Counted:
    union_id, business_id, member_id = scene.union.id, scene.business.id, scene.member_id
    voice = scene.roster.voice(member_id)
    await resolutions.add_approval(unit, union_id, business_id, resolution.id, member_id, voice)
    approvals = await resolutions.approvals_of(unit, union_id, business_id, [resolution.id])
    shares = tally(scene.roster, approvals[resolution.id])
    scene.record(
        unit,
        "owner",
        {"resolution": resolution.id, "approved": str(voice), "counted": str(shares)},
    )
    if not passes(scene.roster, shares):
        return Counted(resolution, shares, approved_by_me=True)
    passed = replace(resolution, passed_at=unit.now, passed_shares=shares)
    await resolutions.keep_passed(unit, union_id, business_id, passed)
    await _carry_out(unit, settings, scene, passed)
    return Counted(passed, shares, approved_by_me=True)


async def _carry_out(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, resolution: Resolution
) -> None:
    """Last of all: the log of revocations is written."""
    _require_sense(unit, scene, resolution)
    right = f"resolutions/{resolution.id}"
    if resolution.kind is ResolutionKind.CLOSE:
        await close_business(unit, settings, scene, scene.member_id)
        return
    assert resolution.member_id is not None
    managed = _management(scene, resolution.member_id)
    if resolution.kind is ResolutionKind.DISMISS:
        await take_posts(unit, settings, scene, {post.id for post in managed}, PostEnding.DISMISSED, right)
    elif managed:
        post = replace(managed[0], until=_until(unit, resolution))
        await prolong_post(unit, settings, scene, post, right)
    else:
        await require_room(unit, settings, scene, resolution.member_id)
        post = Post(
            id=unit.ids.new(),
            member_id=resolution.member_id,
            kind=PostKind.MANAGER,
            under_id=None,
            rights={},
            appointed_by=scene.member_id,
            begins_at=unit.now,
            until=_until(unit, resolution),
        )
        await give_post(unit, settings, scene, post, right)
    await tell_grants(unit, scene.business)


async def _ask_others(unit: UnitOfWork, settings: IdentitySettings, scene: Scene) -> None:
    """The other owners, who speak in it by now."""
    await tell_members(
        unit,
        settings.notice_gather,
        union_id=scene.union.id,
        member_ids=sorted(one for one in scene.roster.shares if scene.roster.voice(one)),
        kind="business.resolution",
        subject="businesses",
        subject_id=scene.business.id,
        actor_id=scene.member_id,
    )
