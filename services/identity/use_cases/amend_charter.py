"""Amend a charter: the founder, or who may by an office, until the tenth member. A material one asks the
members anew."""

from uuid import UUID

from chassis.rights.grants import Right
from chassis.unit_of_work import UnitOfWork
from events.identity import CharterAmended
from services.identity.admission.use_cases.require_chains import require_chains
from services.identity.domain import charter as rules
from services.identity.domain.acceptance import BySilence, Terms, accept, terms_of
from services.identity.domain.charter import Amendment
from services.identity.domain.errors import FounderOnly, UnionNotFound
from services.identity.domain.profile import require_match
from services.identity.domain.union import NetworkUnion, amended
from services.identity.offices.use_cases.may import ground_of, officer_with
from services.identity.settings import IdentitySettings
from services.identity.store import charters, memberships, unions
from services.identity.store.charters import AdoptedCharter
from services.identity.use_cases.accept_charter import keep_acceptance
from services.identity.use_cases.publish_state import publish_union

ASK_MEMBERS = "ask_members"
END_GRACE = "end_grace"
"""Timers of a material amendment: each walks through the union's members, a stretch a time."""


def charter_etag(version: int) -> str:
    return f'"{version}"'


async def amend_charter(
    unit: UnitOfWork,
    settings: IdentitySettings,
    member_id: UUID,
    union: str,
    amendment: Amendment,
    if_match: str | None,
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
    if charter.parameters.admission != adopted.charter.parameters.admission:
        require_chains(settings, charter.parameters.admission)
    terms = terms_of(adopted.charter, charter, unit.now)
    changed = AdoptedCharter(charter, charter.hash(), member_id, "founders_free_time", unit.now, terms)
    await charters.add_charter(unit, changed)
    union_after = amended(present, charter.version, changed.hash)
    await unions.save_union(unit, union_after)
    publish_union(unit, union_after, charter)
    _publish(unit, changed)
    if terms is not None:
        await _accept_as_author(unit, settings, union_after, member_id)
        await _ask(unit, changed, terms)
    unit.record_act(
        "founders_free_time",
        f"unions/{present.id}/charter",
        {
            "version": charter.version,
            "hash": changed.hash,
            "members": members,
            "material": terms is not None,
            "by": ground.word,
        },
        union_id=present.id,
        charter_version=adopted.charter.version,
    )
    return changed


async def _accept_as_author(
    unit: UnitOfWork, settings: IdentitySettings, union: NetworkUnion, author_id: UUID
) -> None:
    """Who signs an amendment has accepted it."""
    present = await memberships.membership_of(unit, union.id, author_id, lock=True)
    accepted = accept(present, union, unit.now)
    assert present is not None
    await keep_acceptance(unit, settings, present, accepted, union.charter_hash, "authored")


async def _ask(unit: UnitOfWork, adopted: AdoptedCharter, terms: Terms) -> None:
    key = f"{adopted.charter.union_id}:{adopted.charter.version}"
    await unit.set_timer(ASK_MEMBERS, key, unit.now)
    if terms.by_silence is not BySilence.ACCEPTS:
        await unit.set_timer(END_GRACE, key, terms.grace_ends_at)


def _publish(unit: UnitOfWork, adopted: AdoptedCharter) -> None:
    terms = adopted.terms
    unit.publish(
        CharterAmended(
            union_id=adopted.charter.union_id,
            charter_version=adopted.charter.version,
            charter_hash=adopted.hash,
            allowed_by=adopted.allowed_by,
            material=terms is not None,
            grace_ends_at=None if terms is None else terms.grace_ends_at,
            by_silence=None if terms is None else terms.by_silence.value,
            adopted_at=adopted.adopted_at,
        )
    )
