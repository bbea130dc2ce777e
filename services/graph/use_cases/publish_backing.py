"""Publish that a leader is backed, and have them told."""

from uuid import UUID

from chassis.notify import tell
from chassis.unit_of_work import UnitOfWork
from events.graph import BacklinkState, GraphNotice


def publish_backing(
    unit: UnitOfWork, union_id: UUID, supporter_id: UUID, leader_id: UUID, version: int
) -> None:
    unit.publish(
        BacklinkState(
            union_id=union_id,
            supporter_id=supporter_id,
            leader_id=leader_id,
            version=version,
            state="active",
        )
    )
    tell(
        unit,
        GraphNotice(
            notice_id=unit.ids.new(),
            requested_at=unit.now,
            union_id=union_id,
            member_id=leader_id,
            kind="backed",
            subject="leaders",
            subject_id=leader_id,
            actor_id=supporter_id,
        ),
    )
