"""Close a business: who was hired goes, and its managers pay out what is left until their terms end."""

from dataclasses import replace
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.business import BusinessState, PostEnding, PostKind
from services.identity.businesses.store.businesses import save_business
from services.identity.businesses.store.posts import end_posts
from services.identity.businesses.use_cases.standing import Scene
from services.identity.businesses.use_cases.tell_ended import tell_ended
from services.identity.businesses.use_cases.tell_grants import business_event, tell_grants
from services.identity.settings import IdentitySettings


async def close_business(unit: UnitOfWork, settings: IdentitySettings, scene: Scene, by: UUID) -> None:
    """Its owners, or the last of them, have decided. Call it last: it writes the log of revocations."""
    closed = replace(
        scene.business,
        state=BusinessState.CLOSED,
        version=scene.business.version + 1,
        closed_at=unit.now,
    )
    await save_business(unit, closed)
    ended = {post.id for post in scene.roster.posts.values() if post.kind is PostKind.HIRE}
    await end_posts(unit, scene.union.id, closed.id, ended, by, PostEnding.CLOSED)
    await tell_ended(unit, settings, scene.roster, ended, by)
    unit.publish(business_event(closed))
    scene.record(unit, "owners", {"closed": closed.id, "posts_ended": sorted(ended)})
    await tell_grants(unit, closed)
