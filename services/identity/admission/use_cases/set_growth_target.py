"""Set a target of growth, take it back, see how far it is, and judge it when its day is over."""

from collections.abc import Sequence
from datetime import date
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import GrowthTargetLimit, GrowthTargetNotFound
from services.identity.admission.domain.growth_target import (
    GrowthTarget,
    TargetState,
    judged,
    require_ahead,
    taken_back,
)
from services.identity.admission.store import growth_targets
from services.identity.admission.use_cases.find_union import admitter_of
from services.identity.settings import IdentitySettings
from services.identity.store import memberships, unions
from services.identity.use_cases.find_union import union_of

JUDGE_GROWTH = "judge_growth"
RIGHT = "set_growth_target"


async def set_growth_target(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, members: int, due_on: date
) -> GrowthTarget:
    """Raises UnionNotFound, UnionDissolved, FounderOnly, GrowthTargetRefused, GrowthTargetLimit."""
    # Alone in the union, so that two at once count each other.
    admitter = await admitter_of(unit, union, member_id, "set targets of growth", unions.lock_union)
    found = admitter.union
    found.require_active()
    target = GrowthTarget(
        union_id=found.id,
        id=unit.ids.new(),
        members=members,
        due_on=due_on,
        set_by=member_id,
        set_at=unit.now,
        began_count=await memberships.active_members(unit, found.id),
    )
    require_ahead(target, settings.growth_target_days_max)
    if await growth_targets.count_open(unit, found.id) >= settings.growth_targets_open_max:
        raise GrowthTargetLimit(settings.growth_targets_open_max)
    await growth_targets.add_target(unit, target)
    await unit.set_timer(JUDGE_GROWTH, _timer_key(found.id, target.id), target.due_at)
    admitter.record(
        unit, RIGHT, f"growth-targets/{target.id}", {"members": members, "due_on": due_on.isoformat()}
    )
    return target


async def take_back_target(unit: UnitOfWork, member_id: UUID, union: str, target_id: UUID) -> GrowthTarget:
    """One that is over stays as it is. Raises UnionNotFound, FounderOnly, GrowthTargetNotFound."""
    admitter = await admitter_of(unit, union, member_id, "take targets of growth back")
    # Before the target, as what judges it holds its timer before it.
    await unit.cancel_timer(JUDGE_GROWTH, _timer_key(admitter.union.id, target_id))
    target = await growth_targets.lock_target(unit, admitter.union.id, target_id)
    if target is None:
        raise GrowthTargetNotFound
    members = await memberships.active_members(unit, admitter.union.id)
    after = taken_back(target, members, unit.now)
    if after is not target:
        await growth_targets.save_target(unit, after)
        admitter.record(unit, RIGHT, f"growth-targets/{target_id}", {"state": after.state.value})
    return after


async def read_targets(
    unit: UnitOfWork, union: str, state: TargetState | None, after: UUID | None, limit: int
) -> tuple[int, Sequence[GrowthTarget]]:
    """The members now, and the targets, all or those in a state, the newest first. Raises UnionNotFound."""
    found = await union_of(unit, union)
    members = await memberships.active_members(unit, found.id)
    return members, await growth_targets.targets_of(unit, found.id, state, after, limit)


async def judge_growth(unit: UnitOfWork, key: str) -> None:
    """By the members when its day is over; `key`: union and target."""
    union_id, target_id = (UUID(part) for part in key.split(":"))
    target = await growth_targets.lock_target(unit, union_id, target_id)
    if target is None or target.state is not TargetState.OPEN:
        return
    members = await memberships.active_members(unit, union_id)
    await growth_targets.save_target(unit, judged(target, members, unit.now))


def _timer_key(union_id: UUID, target_id: UUID) -> str:
    return f"{union_id}:{target_id}"
