"""Tell members that they hold an office no longer."""

from collections.abc import Collection
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.offices.domain.tree import OfficeTree
from services.identity.settings import IdentitySettings


async def tell_ended(
    unit: UnitOfWork,
    settings: IdentitySettings,
    union_id: UUID,
    tree: OfficeTree,
    holding_ids: Collection[UUID],
    by: UUID,
) -> None:
    """Each of those whose these holdings were, by the tree before they ended; never of their own doing."""
    for holding_id in sorted(holding_ids):
        holding = tree.holdings[holding_id]
        await tell_member(
            unit,
            settings.notice_gather,
            union_id=union_id,
            member_id=holding.member_id,
            kind="office.ended",
            subject="offices",
            subject_id=holding.office_id,
            actor_id=by,
        )
