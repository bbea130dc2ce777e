"""Speak for oneself again; the backlink to the leader stays."""

from chassis.membership import Membership
from chassis.unit_of_work import UnitOfWork
from events.graph import VoiceState
from services.graph.domain.changes import ChangeKind
from services.graph.store.change_log import open_log, write_log
from services.graph.store.voices import find_voice, remove_voice


async def take_back_voice(unit: UnitOfWork, member: Membership) -> None:
    """Nothing happens where no voice is given: repeating changes nothing."""
    union_id, member_id = member.union.id, member.member_id
    raw = await unit.raw()
    log = await open_log(raw, union_id)
    if await find_voice(raw, union_id, member_id) is None:
        return
    await remove_voice(raw, union_id, member_id)
    change = log.record(ChangeKind.VOICE, member_id, holds=False)
    await write_log(raw, log, unit.now)
    unit.publish(VoiceState(union_id=union_id, member_id=member_id, leader_id=None, version=change.version))
    unit.record_act(
        "membership",
        f"voices/{member_id}",
        {"leader_id": None, "version": change.version},
        union_id=union_id,
        charter_version=member.union.charter_version,
    )
