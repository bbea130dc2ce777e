"""Erase a member from a service's tables: recorded for ever, then a stretch a transaction."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from chassis.erasure.declaration import FUNCTION
from events.identity import MemberErased

if TYPE_CHECKING:
    from chassis.consumers import Consumers
    from chassis.migrations import ServiceSchema
    from chassis.timers import Timer, Timers
    from chassis.unit_of_work import UnitOfWork

ERASE_MEMBER = "erase_member"

_RECORD = """
INSERT INTO erased_members (member_id, erased_at) VALUES ($1, $2) ON CONFLICT (member_id) DO NOTHING
"""


async def begin_erasure(unit: UnitOfWork, member_id: UUID, erased_at: datetime) -> None:
    """A repeat looks once more whether anything is left."""
    raw = await unit.raw()
    if await raw.execute(_RECORD, member_id, erased_at) == "INSERT 0 1":
        unit.record_act("erasure", f"members/{member_id}", {"erased": True})
    await unit.set_timer(ERASE_MEMBER, str(member_id), unit.now)


async def erase_some(unit: UnitOfWork, schema: ServiceSchema, member_id: UUID, rows_max: int) -> bool:
    """At most so many rows of each table; whether more may be left."""
    assert schema.personal is not None
    raw = await unit.raw()
    append_only = schema.all_append_only
    if schema.personal.append_only(append_only) and await raw.fetchval(
        f"SELECT {FUNCTION}($1, $2)",
        member_id,
        rows_max,
    ):
        return True
    for erasure in schema.personal.changeable(append_only):
        if not (await raw.execute(erasure.statement, member_id, rows_max)).endswith(" 0"):
            return True
        # A row that somebody else changed meanwhile was not met by the statement's own look.
        if await raw.fetchval(erasure.is_left, member_id):
            return True
    return False


def erasing_timer(timers: Timers, schema: ServiceSchema, rows_max: int) -> None:
    """The timer that `begin_erasure` sets."""

    @timers.on(ERASE_MEMBER)
    async def erase(unit: UnitOfWork, timer: Timer) -> None:
        if await erase_some(unit, schema, UUID(timer.key), rows_max):
            await unit.set_timer(timer.kind, timer.key, max(unit.now, timer.due))


def consume_erasures(consumers: Consumers) -> None:
    """For the services that hear of it from identity."""

    @consumers.on(MemberErased)
    async def on_erased(unit: UnitOfWork, event: MemberErased) -> None:
        await begin_erasure(unit, event.member_id, event.erased_at)
