"""A manager hires a member; a manager dismisses a hire; who has a post resigns."""

from collections.abc import Set
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import (
    HireRights,
    Post,
    PostEnding,
    PostKind,
    require_sound,
)
from services.identity.businesses.domain.errors import (
    AppointmentRefused,
    BusinessLimit,
    BusinessRightMissing,
    PostNotFound,
)
from services.identity.businesses.store.posts import add_post, end_posts, posts_of, save_term
from services.identity.businesses.use_cases.standing import MANAGERS, Scene, scene_of
from services.identity.businesses.use_cases.tell_ended import tell_ended
from services.identity.businesses.use_cases.tell_grants import tell_grants
from services.identity.domain.errors import MemberNotFound
from services.identity.domain.profile import Profile
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.settings import IdentitySettings
from services.identity.store import members
from services.identity.use_cases.read_profile import as_shown


async def hire_member(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    business_id: UUID,
    named: str,
    rights: HireRights,
    term_seconds: int,
) -> tuple[Post, Profile]:
    """The post, and whom the manager sees in it. For the term, or as long as the manager manages.

    Raises UnionNotFound, BusinessNotFound, MemberNotFound, UnionDissolved, NotAMember, BusinessClosed,
    BusinessRightMissing, BusinessRefused, AppointmentRefused, BusinessLimit.
    """
    hired = await members.profile_named(unit, named)
    if hired is None:
        raise MemberNotFound(named)
    scene = await scene_of(unit, member_id, union, business_id, {hired.member_id})
    scene.require_member()
    scene.business.require_open()
    place = scene.roster.management(member_id, unit.now)
    if place is None:
        raise BusinessRightMissing(MANAGERS, "hire")
    require_sound(rights, term_seconds, settings.business_term_max_seconds)
    await require_room(unit, settings, scene, hired.member_id)
    if any(post.kind is PostKind.HIRE for post, _ in scene.roster.living_posts(hired.member_id, unit.now)):
        raise AppointmentRefused("the member is a hire already: end that first")
    post = Post(
        id=unit.ids.new(),
        member_id=hired.member_id,
        kind=PostKind.HIRE,
        under_id=place.id,
        rights=rights,
        appointed_by=member_id,
        begins_at=unit.now,
        until=min(unit.now + timedelta(seconds=term_seconds), place.until),
    )
    await give_post(unit, settings, scene, post, f"posts/{place.id}")
    await tell_grants(unit, scene.business)
    [shown] = await as_shown(unit, member_id, [hired])
    return post, shown


async def require_room(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, appointee_id: UUID
) -> None:
    """Raises AppointmentRefused, BusinessLimit."""
    if not scene.is_active(appointee_id):
        raise AppointmentRefused("who has a post is an active member of the union")
    if len(scene.roster.posts) >= settings.business_posts_max:
        raise BusinessLimit("posts", settings.business_posts_max)
    if await posts_of(unit, scene.union.id, appointee_id) >= settings.business_posts_per_member_max:
        raise BusinessLimit("posts_of_member", settings.business_posts_per_member_max)


async def give_post(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, post: Post, right: str
) -> None:
    """Services are told of it by who calls this, last."""
    await add_post(unit, scene.union.id, scene.business.id, post)
    await _tell_of(unit, settings, scene, post, right)


async def prolong_post(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, post: Post, right: str
) -> None:
    """A manager goes on up to the post's new end, and whom they hired stays. Services are told of it by who
    calls this, last."""
    await save_term(unit, scene.union.id, scene.business.id, post)
    await _tell_of(unit, settings, scene, post, right)


async def _tell_of(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, post: Post, right: str
) -> None:
    changed: dict[str, object] = {"post": post.id, "kind": post.kind.value, "until": post.until}
    changed["rights"] = {
        one.value: None if limit is None else str(limit) for one, limit in post.rights.items()
    }
    scene.record(unit, right, changed, post.member_id)
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=scene.union.id,
        member_id=post.member_id,
        kind="business.appointed",
        subject="businesses",
        subject_id=scene.business.id,
        actor_id=scene.member_id,
    )


async def end_post(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    business_id: UUID,
    post_id: UUID,
) -> None:
    """Of a hire by a manager, of one's own by oneself; whom a manager hired goes with them.

    Raises UnionNotFound, BusinessNotFound, PostNotFound, BusinessRightMissing.
    """
    scene = await scene_of(unit, member_id, union, business_id)
    post = scene.roster.posts.get(post_id)
    if post is None:
        raise PostNotFound(str(post_id))
    if post.member_id == member_id:
        await take_posts(unit, settings, scene, {post_id}, PostEnding.RESIGNED, "resign")
    else:
        place = scene.roster.management(member_id, unit.now)
        if place is None or post.kind is not PostKind.HIRE:
            raise BusinessRightMissing(
                MANAGERS if post.kind is PostKind.HIRE else "the owners, by a resolution,", "end this post"
            )
        await take_posts(unit, settings, scene, {post_id}, PostEnding.DISMISSED, f"posts/{place.id}")
    await tell_grants(unit, scene.business)


async def take_posts(
    unit: UnitOfWork,
    settings: IdentitySettings,
    scene: Scene,
    ended: Set[UUID],
    why: PostEnding,
    right: str,
) -> None:
    """With those below them. Services are told of it by who calls this, last."""
    below = scene.roster.resting_on(set(ended))
    union_id, business_id = scene.union.id, scene.business.id
    await end_posts(unit, union_id, business_id, ended, scene.member_id, why)
    await end_posts(unit, union_id, business_id, below, scene.member_id, PostEnding.FROM_ABOVE)
    await tell_ended(unit, settings, scene.roster, ended | below, scene.member_id)
    scene.record(unit, right, {"why": why.value, "ended": sorted(ended | below)})
