"""Withdraw support from a leader, and with it the voice where that leader carries it."""

from uuid import UUID

from chassis.membership import Membership
from chassis.unit_of_work import UnitOfWork
from events.graph import BacklinkState, VoiceState
from services.graph.domain.changes import ChangeKind
from services.graph.store.backlinks import remove_backlink
from services.graph.store.change_log import open_log, write_log
from services.graph.store.voices import find_voice, remove_voice


async def withdraw_backlink(unit: UnitOfWork, supporter: Membership, leader_id: UUID) -> None:
    """Nothing happens where there is no such backlink: repeating changes nothing."""
    union_id, supporter_id = supporter.union.id, supporter.member_id
    raw = await unit.raw()
    log = await open_log(raw, union_id)
    if not await remove_backlink(raw, union_id, supporter_id, leader_id):
        return
    changed: dict[str, object] = {"state": "withdrawn"}
    voice = await find_voice(raw, union_id, supporter_id)
    if voice is not None and voice.leader_id == leader_id:
        await remove_voice(raw, union_id, supporter_id)
        silenced = log.record(ChangeKind.VOICE, supporter_id, holds=False)
        unit.publish(
            VoiceState(union_id=union_id, member_id=supporter_id, leader_id=None, version=silenced.version)
        )
        changed["voice"] = None
    change = log.record(ChangeKind.BACKLINK, supporter_id, leader_id, holds=False)
    await write_log(raw, log, unit.now)
    unit.publish(
        BacklinkState(
            union_id=union_id,
            supporter_id=supporter_id,
            leader_id=leader_id,
            version=change.version,
            state="withdrawn",
        )
    )
    unit.record_act(
        "membership",
        f"backlinks/{leader_id}",
        changed | {"version": change.version},
        union_id=union_id,
        charter_version=supporter.union.charter_version,
    )
