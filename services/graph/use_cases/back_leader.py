"""Back a leader: "I follow this direction"."""

from uuid import UUID

from chassis.membership import Membership
from chassis.unit_of_work import UnitOfWork
from services.graph.domain.changes import GENERAL_TOPIC, ChangeKind
from services.graph.domain.errors import BackingOneself, LeaderNotMember, TooManyBacklinks
from services.graph.store.backlinks import Backlink, find_backlink, leaders_of, put_backlinks
from services.graph.store.change_log import open_log, write_log
from services.graph.store.members import note_memberships
from services.graph.use_cases.publish_backing import publish_backing


async def back_leader(
    unit: UnitOfWork, supporter: Membership, leader_id: UUID, backlinks_max_count: int
) -> Backlink:
    """The backlink, as it was where there is one already: repeating changes nothing.

    Raises BackingOneself, LeaderNotMember, TooManyBacklinks.
    """
    union_id, supporter_id = supporter.union.id, supporter.member_id
    if supporter_id == leader_id:
        raise BackingOneself(leader_id)
    raw = await unit.raw()
    log = await open_log(raw, union_id)
    held = await find_backlink(raw, union_id, supporter_id, leader_id)
    if held is not None:
        return held
    if leader_id not in await note_memberships(raw, log, [supporter_id, leader_id]):
        raise LeaderNotMember(leader_id)
    wanted = len(await leaders_of(raw, union_id, supporter_id)) + 1
    if wanted > backlinks_max_count:
        raise TooManyBacklinks(backlinks_max_count, wanted)
    change = log.record(ChangeKind.BACKLINK, supporter_id, leader_id, holds=True)
    await put_backlinks(raw, union_id, unit.now, [change])
    await write_log(raw, log, unit.now)
    publish_backing(unit, union_id, supporter_id, leader_id, change.version)
    unit.record_act(
        "membership",
        f"backlinks/{leader_id}",
        {"state": "active", "version": change.version},
        union_id=union_id,
        charter_version=supporter.union.charter_version,
    )
    return Backlink(supporter_id, leader_id, GENERAL_TOPIC, change.version, unit.now)
