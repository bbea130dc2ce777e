"""Change when and in which language one is told."""

from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.errors import VersionStale
from services.identity.domain.profile import require_match
from services.identity.notices.domain.choice import NoticeChoice, check_choice
from services.identity.notices.store.addresses import move_due
from services.identity.notices.store.choices import choice_of, save_choice


def choice_etag(choice: NoticeChoice) -> str:
    return f'"{choice.version}"'


async def choose_notices(
    unit: UnitOfWork, member_id: UUID, wanted: NoticeChoice, if_match: str | None, gather: timedelta
) -> NoticeChoice:
    """What waits is told by the new choice. Raises VersionRequired, VersionStale, ZoneUnknown,
    QuietHoursEmpty."""
    present = await choice_of(unit, member_id)
    require_match(if_match, choice_etag(present))
    chosen = check_choice(replace(wanted, version=present.version + 1))
    if not await save_choice(unit, member_id, chosen):
        raise VersionStale(choice_etag(await choice_of(unit, member_id)))
    await move_due(unit, member_id, chosen.due(unit.now, gather))
    return chosen
