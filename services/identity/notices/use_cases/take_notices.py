"""Keep what a member shall be told in their list, tell it live, and have it sent where they want it."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from events.identity import NoticeMade
from events.notices import NoticeRequested
from services.identity.notices.store.addresses import have_due
from services.identity.notices.store.choices import choice_of
from services.identity.notices.store.notices import NewNotice, keep_notice


async def take_notice(unit: UnitOfWork, asked: NoticeRequested, gather: timedelta) -> None:
    """What another service asks to be told. A notice for somebody who is not here is dropped.

    `gather`: how long a message waits for what else happens.
    """
    await _keep(
        unit,
        gather,
        NewNotice(
            union_id=asked.union_id,
            notice_id=asked.notice_id,
            member_id=asked.member_id,
            kind=asked.kind,
            subject=asked.subject,
            subject_id=asked.subject_id,
            actor_id=asked.actor_id,
            made_at=asked.requested_at,
            happened_count=asked.happened_count,
        ),
    )


async def tell_member(
    unit: UnitOfWork,
    gather: timedelta,
    *,
    union_id: UUID,
    member_id: UUID,
    kind: str,
    subject: str,
    subject_id: UUID,
    actor_id: UUID | None = None,
) -> None:
    """What identity itself has to tell. Nobody is told of what they did themselves."""
    if actor_id != member_id:
        made = NewNotice(
            union_id, unit.ids.new(), member_id, kind, subject, subject_id, actor_id, made_at=unit.now
        )
        await _keep(unit, gather, made)


async def _keep(unit: UnitOfWork, gather: timedelta, notice: NewNotice) -> None:
    is_told_elsewhere = await keep_notice(unit, notice)
    if is_told_elsewhere is not None:
        if is_told_elsewhere:
            choice = await choice_of(unit, notice.member_id)
            await have_due(unit, notice.member_id, choice.due(unit.now, gather))
        unit.publish(
            NoticeMade(
                union_id=notice.union_id,
                member_id=notice.member_id,
                notice_id=notice.notice_id,
                kind=notice.kind,
                made_at=notice.made_at,
            ),
            is_awaited=False,
        )
