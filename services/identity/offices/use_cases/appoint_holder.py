"""Appoint a member to an office for its term, and end that before its time."""

from datetime import timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.membership import MembershipState
from services.identity.domain.profile import Profile
from services.identity.notices.use_cases.take_notices import tell_member
from services.identity.offices.domain.errors import HolderNotFound, HolderRefused, OfficeLimit
from services.identity.offices.domain.office import Ending, Holding
from services.identity.offices.store.holdings import add_holding, end_holdings
from services.identity.offices.use_cases.standing import Scene, act_right, scene_of
from services.identity.offices.use_cases.tell_ended import tell_ended
from services.identity.offices.use_cases.tell_grants import tell_grants
from services.identity.settings import IdentitySettings
from services.identity.store import members, memberships
from services.identity.use_cases.read_profile import as_shown


async def appoint_holder(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, office_id: UUID, named: str
) -> tuple[Scene, Holding, Profile]:
    """The holding, the scene before it, and the holder as their appointer sees them. `named`: handle or id.
    An appointer's own time bounds the term.

    Raises UnionNotFound, UnionDissolved, NotAMember, OfficeNotFound, FounderOnly, HolderRefused, OfficeLimit.
    """
    appointee = await members.profile_named(unit, named)
    scene = await scene_of(unit, member_id, union)
    office = scene.office(office_id)
    place = scene.stand_above(office.parent_id, unit, "appoint to this office")
    if appointee is not None and appointee.member_id == scene.union.head_id:
        raise HolderRefused("the founder holds every right without an office")
    membership = None
    if appointee is not None:
        # Held: they are a member still when this commits.
        membership = await memberships.membership_of(unit, scene.union.id, appointee.member_id, lock=True)
    if appointee is None or membership is None or membership.state is not MembershipState.ACTIVE:
        raise HolderRefused("who holds an office is an active member of the union")
    _require_room(unit, settings, scene, office_id, appointee.member_id)
    until = unit.now + timedelta(seconds=office.term_seconds)
    if place is not None:
        until = min(until, *(one.until for one in scene.tree.chain(place, unit.now)))
    holding = Holding(
        id=unit.ids.new(),
        office_id=office_id,
        member_id=appointee.member_id,
        under_id=None if place is None else place.id,
        appointed_by=member_id,
        begins_at=unit.now,
        until=until,
    )
    await add_holding(unit, scene.union.id, holding)
    _record(unit, scene, act_right(place), holding, {"holding_id": holding.id, "until": until})
    await tell_member(
        unit,
        settings.notice_gather,
        union_id=scene.union.id,
        member_id=appointee.member_id,
        kind="office.given",
        subject="offices",
        subject_id=office_id,
        actor_id=member_id,
    )
    await tell_grants(unit, scene.union.id, scene.union.head_id)
    [shown] = await as_shown(unit, member_id, [appointee])
    return scene, holding, shown


def _require_room(
    unit: UnitOfWork, settings: IdentitySettings, scene: Scene, office_id: UUID, appointee_id: UUID
) -> None:
    living = scene.tree.living_holdings(appointee_id, unit.now)
    if any(holding.office_id == office_id for holding, _ in living):
        raise HolderRefused("the member holds this office already: end that first")
    # What rests while somebody is suspended counts, too: it may hold again.
    own = scene.tree.holdings_of_members.get(appointee_id, ())
    if len(own) >= settings.offices_per_member_max:
        raise OfficeLimit("offices_of_member", settings.offices_per_member_max)
    if len(scene.tree.holdings) >= settings.office_holdings_per_union_max:
        raise OfficeLimit("holders", settings.office_holdings_per_union_max)


async def end_holder(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, office_id: UUID, named: str
) -> None:
    """The member holds the office no longer, nor those whom they appointed by it theirs.

    By who stands above, or by themselves.

    Raises UnionNotFound, UnionDissolved, NotAMember, OfficeNotFound, FounderOnly, HolderNotFound.
    """
    scene = await scene_of(unit, member_id, union)
    office = scene.office(office_id)
    holder = await members.profile_named(unit, named)
    is_own = holder is not None and holder.member_id == member_id
    place = None if is_own else scene.stand_above(office.parent_id, unit, "end who holds this office")
    ended = {
        one.id
        for one in scene.tree.holdings_of_members.get(holder.member_id if holder else member_id, ())
        if one.office_id == office_id and holder is not None
    }
    if not ended or holder is None:
        raise HolderNotFound(named)
    below = scene.tree.resting_on(ended)
    why = Ending.RESIGNED if is_own else Ending.ENDED
    await end_holdings(unit, scene.union.id, ended, member_id, why)
    await end_holdings(unit, scene.union.id, below, member_id, Ending.FROM_ABOVE)
    await tell_ended(unit, settings, scene.union.id, scene.tree, ended | below, member_id)
    holding = scene.tree.holdings[min(ended)]
    right = "resign" if is_own else act_right(place)
    _record(unit, scene, right, holding, {"why": why.value, "ended": sorted(ended | below)})
    await tell_grants(unit, scene.union.id, scene.union.head_id)


def _record(unit: UnitOfWork, scene: Scene, right: str, holding: Holding, changed: dict[str, object]) -> None:
    unit.record_act(
        right,
        f"unions/{scene.union.id}/offices/{holding.office_id}/holders/{holding.member_id}",
        changed,
        union_id=scene.union.id,
        on_behalf_of=str(holding.member_id),
        charter_version=scene.union.charter_version,
    )
