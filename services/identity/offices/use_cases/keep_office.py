"""Found an office, change it, end it with all below it."""

from dataclasses import dataclass, replace
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.profile import require_match
from services.identity.offices.domain.errors import OfficeLimit, OfficeRefused
from services.identity.offices.domain.office import Ending, Office, Rights, require_sound, require_within
from services.identity.offices.store import offices
from services.identity.offices.store.holdings import end_holdings
from services.identity.offices.use_cases.standing import Scene, act_right, scene_of
from services.identity.offices.use_cases.tell_ended import tell_ended
from services.identity.offices.use_cases.tell_grants import tell_grants
from services.identity.settings import IdentitySettings


@dataclass(frozen=True, slots=True)
class OfficeDraft:
    """What the act says. `parent_id`: None directly below the founder."""

    parent_id: UUID | None
    name: str
    rights: Rights
    term_seconds: int


@dataclass(frozen=True, slots=True)
class OfficeChange:
    """What shall be otherwise; None leaves a part as it is."""

    name: str | None
    rights: Rights | None
    term_seconds: int | None


def office_etag(office: Office) -> str:
    return f'"{office.version}"'


async def found_office(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, draft: OfficeDraft
) -> tuple[Scene, Office]:
    """The office, and the scene before it.

    Raises UnionNotFound, UnionDissolved, NotAMember, OfficeNotFound, FounderOnly, OfficeRefused, OfficeLimit.
    """
    scene = await scene_of(unit, member_id, union)
    if draft.parent_id is not None:
        scene.office(draft.parent_id)
    place = scene.stand_above(draft.parent_id, unit, "found an office here")
    if len(scene.tree.offices) >= settings.offices_per_union_max:
        raise OfficeLimit("offices", settings.offices_per_union_max)
    if scene.tree.depth(draft.parent_id) > settings.office_depth_max:
        raise OfficeRefused(f"an office is at most {settings.office_depth_max} below the founder")
    _require_good(scene, settings, draft.parent_id, draft.rights, draft.term_seconds)
    office = Office(unit.ids.new(), draft.parent_id, 1, draft.name, draft.rights, draft.term_seconds)
    await offices.add_office(unit, scene.union.id, office, member_id)
    _record(unit, scene, act_right(place), office)
    return scene, office


async def change_office(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    office_id: UUID,
    change: OfficeChange,
    if_match: str | None,
) -> Office:
    """The office after it; what changes nothing makes no version. Rights that it loses are lost below it too.

    Raises UnionNotFound, UnionDissolved, NotAMember, OfficeNotFound, FounderOnly, VersionRequired,
    VersionStale, OfficeRefused.
    """
    scene = await scene_of(unit, member_id, union)
    before = scene.office(office_id)
    place = scene.stand_above(before.parent_id, unit, "change this office")
    require_match(if_match, office_etag(before))
    after = replace(
        before,
        name=before.name if change.name is None else change.name,
        rights=before.rights if change.rights is None else change.rights,
        term_seconds=before.term_seconds if change.term_seconds is None else change.term_seconds,
    )
    if after == before:
        return before
    after = replace(after, version=before.version + 1)
    _require_good(scene, settings, after.parent_id, after.rights, after.term_seconds)
    await offices.add_version(unit, scene.union.id, after, member_id)
    _record(unit, scene, act_right(place), after)
    await tell_grants(unit, scene.union.id, scene.union.head_id)
    return after


async def end_office(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str, office_id: UUID
) -> None:
    """With the offices below it; who holds one of them holds it no longer.

    Raises UnionNotFound, UnionDissolved, NotAMember, OfficeNotFound, FounderOnly.
    """
    scene = await scene_of(unit, member_id, union)
    office = scene.office(office_id)
    place = scene.stand_above(office.parent_id, unit, "end this office")
    ended = scene.tree.below(office_id)
    holdings = {one.id for one in scene.tree.holdings.values() if one.office_id in ended}
    await end_holdings(unit, scene.union.id, holdings, member_id, Ending.OFFICE_ENDED)
    await offices.end_offices(unit, scene.union.id, ended, member_id)
    await tell_ended(unit, settings, scene.union.id, scene.tree, holdings, member_id)
    unit.record_act(
        act_right(place),
        f"unions/{scene.union.id}/offices/{office_id}",
        {"ended": sorted(ended), "holdings_ended": sorted(holdings)},
        union_id=scene.union.id,
        charter_version=scene.union.charter_version,
    )
    await tell_grants(unit, scene.union.id, scene.union.head_id)


def _require_good(
    scene: Scene, settings: IdentitySettings, parent_id: UUID | None, rights: Rights, term_seconds: int
) -> None:
    require_sound(rights, term_seconds, settings.office_term_max_seconds)
    if parent_id is not None:
        require_within(rights, scene.tree.rights_of(parent_id))


def _record(unit: UnitOfWork, scene: Scene, right: str, office: Office) -> None:
    unit.record_act(
        right,
        f"unions/{scene.union.id}/offices/{office.id}",
        {
            "version": office.version,
            "parent_id": office.parent_id,
            "rights": {
                right.value: None if limit is None else str(limit) for right, limit in office.rights.items()
            },
            "term_seconds": office.term_seconds,
        },
        union_id=scene.union.id,
        charter_version=scene.union.charter_version,
    )
