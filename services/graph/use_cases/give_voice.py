"""Let one of the leaders whom a member backs speak for them."""

from uuid import UUID

from chassis.membership import Membership
from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.graph import GraphNotice, VoiceState
from services.graph.domain.changes import GENERAL_TOPIC, ChangeKind
from services.graph.domain.errors import BackingOneself, LeaderNotMember, VoiceWithoutBacklink
from services.graph.store.backlinks import find_backlink
from services.graph.store.change_log import open_log, write_log
from services.graph.store.members import note_memberships
from services.graph.store.voices import Voice, find_voice, put_voice


async def give_voice(unit: UnitOfWork, member: Membership, leader_id: UUID) -> Voice:
    """The voice, as it was where the leader has it already; another leader's is replaced.

    Raises BackingOneself, VoiceWithoutBacklink, LeaderNotMember.
    """
    union_id, member_id = member.union.id, member.member_id
    if member_id == leader_id:
        raise BackingOneself(leader_id)
    raw = await unit.raw()
    log = await open_log(raw, union_id)
    given = await find_voice(raw, union_id, member_id)
    if given is not None and given.leader_id == leader_id:
        return given
    if await find_backlink(raw, union_id, member_id, leader_id) is None:
        raise VoiceWithoutBacklink(leader_id)
    if leader_id not in await note_memberships(raw, log, [member_id, leader_id]):
        raise LeaderNotMember(leader_id)
    change = log.record(ChangeKind.VOICE, member_id, leader_id, holds=True)
    voice = Voice(member_id, leader_id, GENERAL_TOPIC, change.version, unit.now)
    await put_voice(raw, union_id, voice)
    await write_log(raw, log, unit.now)
    unit.publish(
        VoiceState(union_id=union_id, member_id=member_id, leader_id=leader_id, version=change.version)
    )
    tell(
        unit,
        GraphNotice(
            notice_id=unit.ids.new(),
            requested_at=unit.now,
            union_id=union_id,
            member_id=leader_id,
            kind="voice.given",
            subject="leaders",
            subject_id=leader_id,
            actor_id=member_id,
        ),
    )
    unit.record_act(
        "membership",
        f"voices/{member_id}",
        {"leader_id": leader_id, "version": change.version},
        union_id=union_id,
        charter_version=member.union.charter_version,
    )
    return voice
