"""Import who follows whom, as backlinks proposed to each supporter: nobody speaks for another."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from datetime import timedelta

from chassis.membership import Membership, UnionView
from chassis.unit_of_work import UnitOfWork
from services.graph.domain.backlink_import import ImportJudgement, Row, judge_rows
from services.graph.domain.changes import ROOT_ROLE
from services.graph.domain.charter import backlinks_cap
from services.graph.domain.errors import NotFounder, TooManyRows
from services.graph.settings import GraphSettings
from services.graph.store.backlinks import held_counts, held_pairs
from services.graph.store.imports import BacklinkImport, put_import
from services.graph.store.members import counting_members
from services.graph.store.proposals import (
    lock_proposing,
    propose,
    proposed_pairs,
    remove_expired,
    waiting_counts,
)

EXPIRY_TIMER = "backlink-proposals-expiry"


async def import_backlinks(
    unit: UnitOfWork, founder: Membership, rows: Sequence[Row], settings: GraphSettings
) -> BacklinkImport:
    """Propose what can be proposed, report the rest. Raises NotFounder, TooManyRows."""
    if founder.role != ROOT_ROLE:
        raise NotFounder(founder.member_id)
    if len(rows) > settings.import_rows_max_count:
        raise TooManyRows(settings.import_rows_max_count, len(rows))
    union_id = founder.union.id
    raw = await unit.raw()
    await lock_proposing(raw, union_id)
    await remove_expired(raw, union_id, unit.now)
    judgement = await _judge(unit, founder.union, rows, settings)
    made = BacklinkImport(
        import_id=unit.ids.new(),
        founder_id=founder.member_id,
        rows_count=len(rows),
        proposed_count=len(judgement.proposed),
        refused_counts={reason.value: count for reason, count in judgement.refused_counts.items()},
        examples=[
            {
                "row": example.row,
                "supporter_id": str(example.supporter_id),
                "leader_id": str(example.leader_id),
                "reason": example.reason.value,
            }
            for example in judgement.examples
        ],
        imported_at=unit.now,
        expires_at=unit.now + timedelta(seconds=settings.proposal_kept_seconds),
    )
    await put_import(raw, union_id, made)
    if judgement.proposed:
        await propose(raw, union_id, made.import_id, made.expires_at, judgement.proposed)
        await unit.set_timer(
            EXPIRY_TIMER, f"{union_id}:{made.import_id}", made.expires_at, {"union_id": str(union_id)}
        )
    unit.record_act(
        "founder",
        f"backlink-imports/{made.import_id}",
        {"rows": made.rows_count, "proposed": made.proposed_count, "refused": made.refused_counts},
        union_id=union_id,
        charter_version=founder.union.charter_version,
    )
    return made


async def _judge(
    unit: UnitOfWork, union: UnionView, rows: Sequence[Row], settings: GraphSettings
) -> ImportJudgement:
    union_id, raw = union.id, await unit.raw()
    supporters = {row[0] for row in rows}
    members = supporters.union(row[1] for row in rows)
    taken = Counter(await held_counts(raw, union_id, supporters))
    taken.update(await waiting_counts(raw, union_id, supporters, unit.now))
    return await asyncio.to_thread(  # a hundred thousand rows would hold everybody else up
        judge_rows,
        rows,
        active_members=await counting_members(raw, union_id, members),
        backed=await held_pairs(raw, union_id, rows),
        already_proposed=await proposed_pairs(raw, union_id, rows, unit.now),
        taken_counts=taken,
        cap=backlinks_cap(union.parameters, settings.backlinks_per_supporter_max_count),
        examples_max_count=settings.import_examples_max_count,
    )
