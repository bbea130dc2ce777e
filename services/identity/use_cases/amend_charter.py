"""Amend a charter: the founder, or who holds the right by an office, until the tenth member has joined."""

from uuid import UUID

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from services.identity.domain import charter as rules
from services.identity.domain.charter import Amendment
from services.identity.domain.errors import FounderOnly, UnionNotFound
from services.identity.domain.profile import require_match
from services.identity.domain.union import amended
from services.identity.offices.use_cases.may import ground_of, officer_with
from services.identity.store import charters, memberships, unions
from services.identity.store.charters import AdoptedCharter
from services.identity.use_cases.publish_state import publish_union


def charter_etag(version: int) -> str:
    return f'"{version}"'


async def amend_charter(
    unit: UnitOfWork, member_id: UUID, union: str, amendment: Amendment, if_match: str | None
) -> AdoptedCharter:
    """The charter in force after the amendment; one that changes nothing makes no version.

    Raises UnionNotFound, UnionDissolved, FounderOnly, VersionRequired, VersionStale, CharterNeedsDecision,
    ParameterFixed, ParameterRefused.
    """
    present = await unions.lock_union(unit, union)
    if present is None:
        raise UnionNotFound(union)
    present.require_active()
    ground = await ground_of(unit, member_id, Right.AMEND, present)
    if ground is None:
        raise FounderOnly("amend the charter", officer_with(Right.AMEND))
    require_match(if_match, charter_etag(present.charter_version))
    adopted = await charters.charter_version(unit, present.id, present.charter_version)
    assert adopted is not None
    members = await memberships.active_members(unit, present.id)
    charter = rules.amend(adopted.charter, amendment, members)
    if charter is adopted.charter:
        return adopted
    changed = AdoptedCharter(charter, charter.hash(), member_id, "founders_free_time", unit.now)
    await charters.add_charter(unit, changed)
    union_after = amended(present, charter.version, changed.hash)
    await unions.save_union(unit, union_after)
    publish_union(unit, union_after, charter)
    unit.record_act(
        "founders_free_time",
        f"unions/{present.id}/charter",
        {"version": charter.version, "hash": changed.hash, "members": members, "by": ground.word},
        union_id=present.id,
        charter_version=adopted.charter.version,
    )
    return changed
