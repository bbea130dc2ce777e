"""Confirm proposed backlinks, all in one signed act that names each leader."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.membership import Membership
from chassis.unit_of_work import UnitOfWork
from services.graph.domain.changes import ChangeKind
from services.graph.domain.errors import NotProposed, TooManyBacklinks
from services.graph.store.backlinks import leaders_of, put_backlinks
from services.graph.store.change_log import open_log, write_log
from services.graph.store.members import note_memberships
from services.graph.store.proposals import take_proposals
from services.graph.use_cases.publish_backing import publish_backing

EXAMPLES_MAX_COUNT = 10


@dataclass(frozen=True, slots=True)
class Confirmation:
    """`version` is the union's after it; leaders who have left meanwhile are told, not backed."""

    version: int
    confirmed_count: int
    already_backed: tuple[UUID, ...]
    no_members: tuple[UUID, ...]


async def confirm_proposals(
    unit: UnitOfWork, supporter: Membership, leader_ids: Sequence[UUID], backlinks_max_count: int
) -> Confirmation:
    """Back every leader named; their proposals are gone. Raises NotProposed, TooManyBacklinks."""
    union_id, supporter_id = supporter.union.id, supporter.member_id
    leaders = sorted(set(leader_ids))
    raw = await unit.raw()
    waiting = await take_proposals(raw, union_id, supporter_id, leaders, unit.now)
    missing = [leader for leader in leaders if leader not in waiting]
    if missing:
        raise NotProposed(tuple(missing[:EXAMPLES_MAX_COUNT]), len(missing))
    log = await open_log(raw, union_id)
    counting = await note_memberships(raw, log, [supporter_id, *leaders])
    held = await leaders_of(raw, union_id, supporter_id)
    wanted = [leader for leader in leaders if leader in counting and leader not in held]
    if len(held) + len(wanted) > backlinks_max_count:
        raise TooManyBacklinks(backlinks_max_count, len(held) + len(wanted))
    changes = [log.record(ChangeKind.BACKLINK, supporter_id, leader, holds=True) for leader in wanted]
    await put_backlinks(raw, union_id, unit.now, changes)
    await write_log(raw, log, unit.now)
    for leader, change in zip(wanted, changes, strict=True):
        publish_backing(unit, union_id, supporter_id, leader, change.version)
    unit.record_act(
        "membership",
        "backlink-proposals/confirmation",
        {"confirmed": wanted, "version": log.version},
        union_id=union_id,
        charter_version=supporter.union.charter_version,
    )
    return Confirmation(
        log.version,
        len(wanted),
        tuple(leader for leader in leaders if leader in held),
        tuple(leader for leader in leaders if leader not in counting and leader not in held),
    )
