"""Keep what a member shall be told in their list, tell it live, and have it sent where they want it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from events.identity import MemberNoticed, NoticeMade
from events.notices import NoticeRequested
from services.identity.notices.store.addresses import have_due
from services.identity.notices.store.choices import choice_of
from services.identity.notices.store.notices import NewNotice, keep_notices


async def take_notices(unit: UnitOfWork, asked: Sequence[NoticeRequested], gather: timedelta) -> None:
    """What another service asks to be told. A notice for somebody who is not here is dropped.

    `gather`: how long a message waits for what else happens.
    """
    together: dict[tuple[UUID, UUID | None, str, UUID], NewNotice] = {}
    for one in asked:
        new = NewNotice(
            union_id=one.union_id,
            notice_id=one.notice_id,
            member_id=one.member_id,
            kind=one.kind,
            subject=one.subject,
            subject_id=one.subject_id,
            actor_id=one.actor_id,
            made_at=one.requested_at,
            happened_count=one.happened_count,
        )
        before = together.pop(new.about, None)
        if before is not None:
            new = replace(new, happened_count=before.happened_count + new.happened_count)
        together[new.about] = new
    await _keep(unit, gather, list(together.values()))


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
        await _keep(unit, gather, [made])


async def tell_members(
    unit: UnitOfWork,
    gather: timedelta,
    *,
    union_id: UUID,
    member_ids: Sequence[UUID],
    kind: str,
    subject: str,
    subject_id: UUID,
    actor_id: UUID | None = None,
) -> None:
    """Several members of the same; how many is the caller's to bound. None of what they did themselves."""
    made = [
        NewNotice(union_id, unit.ids.new(), member_id, kind, subject, subject_id, actor_id, made_at=unit.now)
        for member_id in member_ids
        if member_id != actor_id
    ]
    await _keep(unit, gather, made)


async def tell_account(
    unit: UnitOfWork,
    member_id: UUID,
    kind: str,
    subject: str,
    subject_id: UUID,
    actor_id: UUID | None = None,
) -> None:
    """What happens to a member's own account, of no union: everywhere and at once, whatever they chose."""
    made = NewNotice(None, unit.ids.new(), member_id, kind, subject, subject_id, actor_id, made_at=unit.now)
    kept = await keep_notices(unit, [made])
    if any(kept.values()):
        await have_due(unit, member_id, unit.now)
    if made.notice_id in kept:
        noticed = MemberNoticed(
            member_id=member_id, notice_id=made.notice_id, kind=kind, made_at=made.made_at
        )
        unit.publish(noticed, is_awaited=False)


async def _keep(unit: UnitOfWork, gather: timedelta, notices: Sequence[NewNotice]) -> None:
    """Each about something else than the others."""
    kept = await keep_notices(unit, notices)
    made = [notice for notice in notices if notice.notice_id in kept]
    for member_id in dict.fromkeys(notice.member_id for notice in made if kept[notice.notice_id]):
        choice = await choice_of(unit, member_id)
        await have_due(unit, member_id, choice.due(unit.now, gather))
    for notice in made:
        assert notice.union_id is not None
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
