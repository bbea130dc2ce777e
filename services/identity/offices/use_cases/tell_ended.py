"""Tell members that they hold an office no longer."""

from collections.abc import Collection
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.offices.use_cases.standing import Scene
from services.identity.settings import IdentitySettings


async def tell_ended(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, holding_ids: Collection[UUID]
) -> None:
    """Each of those whose these holdings were, by the scene before they ended; never of their own doing."""
    for holding_id in sorted(holding_ids):
        holding = scene.tree.holdings[holding_id]
        await tell_member(
            unit,
            settings.notice_gather,
            union_id=scene.union.id,
            member_id=holding.member_id,
            kind="office.ended",
            subject="offices",
            subject_id=holding.office_id,
            actor_id=scene.member_id,
        )
