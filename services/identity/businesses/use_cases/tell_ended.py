"""Tell members that they manage, or work in, a business no longer."""

from collections.abc import Collection
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.businesses.domain.roster import Roster
from services.identity.notices.use_cases.take_notices import tell_members
from services.identity.settings import IdentitySettings


async def tell_ended(
    unit: UnitOfWork, settings: IdentitySettings, roster: Roster, post_ids: Collection[UUID], by: UUID
) -> None:
    """Each of those whose these posts were, once; never of their own doing."""
    await tell_members(
        unit,
        settings.notice_gather,
        union_id=roster.business.union_id,
        member_ids=sorted({roster.posts[post_id].member_id for post_id in post_ids}),
        kind="business.dismissed",
        subject="businesses",
        subject_id=roster.business.id,
        actor_id=by,
    )
