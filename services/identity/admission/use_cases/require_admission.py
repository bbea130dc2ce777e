"""Hold somebody against the charter's rule of admission."""

from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from datetime import datetime, timedelta
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.domain.errors import AdmissionUnmet
from services.identity.admission.store import facts
from services.identity.admission.store.proofs import proofs_of
from services.identity.domain.admission_rule import (
    Facts,
    Rule,
    Way,
    admits,
    parse_rule,
    unmet,
    ways_of,
)
from services.identity.domain.errors import InvitationRequired
from services.identity.settings import IdentitySettings
from services.identity.store.joining import JoiningScene

PROVEN = frozenset({"credential", "token"})
"""Ways that are so by what somebody has proven before."""


async def require_admission(
    unit: UnitOfWork, settings: IdentitySettings, scene: JoiningScene, member_id: UUID
) -> None:
    """An invitation in the scene is good. Raises InvitationRequired, AdmissionUnmet."""
    rule = parse_rule(scene.admission)
    so = await facts_of(unit, settings, scene, member_id, rule)
    if admits(rule, so):
        return
    if rule == Way("invitation"):
        raise InvitationRequired
    raise AdmissionUnmet(scene.admission, ", ".join(way.text for way in unmet(rule, so)))


async def facts_of(
    unit: UnitOfWork, settings: IdentitySettings, scene: JoiningScene, member_id: UUID, rule: Rule
) -> Facts:
    """What the rule asks for; the rest is not looked up."""
    proven = await proven_of(unit, scene.union.id, member_id, rule)
    return await facts_beside(unit, settings, scene, member_id, rule, proven.keys())


async def proven_of(
    unit: UnitOfWork, union_id: UUID, member_id: UUID, rule: Rule
) -> Mapping[str, datetime | None]:
    """The ways of the rule, as text, that somebody has proven, and until when: None without an end."""
    to_prove = [way.text for way in ways_of(rule) if way.name in PROVEN]
    return await proofs_of(unit, union_id, member_id, to_prove) if to_prove else {}


async def facts_beside(
    unit: UnitOfWork,
    settings: IdentitySettings,
    scene: JoiningScene,
    member_id: UUID,
    rule: Rule,
    proven: AbstractSet[str],
) -> Facts:
    """What the rule asks for beside what was proven, and that."""
    ways = ways_of(rule)
    names = {way.name for way in ways}
    union_id = scene.union.id
    since = unit.now - timedelta(seconds=settings.vouch_seconds)
    slugs = [way.slug for way in ways if way.name == "union"]
    return Facts(
        has_invitation=scene.invitation is not None,
        is_admitted="application" in names and await facts.is_admitted(unit, union_id, member_id),
        vouches_count=await facts.vouches_for(unit, union_id, member_id, since) if "vouching" in names else 0,
        unions=await facts.active_in(unit, member_id, slugs) if slugs else frozenset(),
        proven=proven,
    )
