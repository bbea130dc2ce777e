"""What of a union's rule is so for somebody who wants to come in."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.use_cases.read_questions import rule_of
from services.identity.admission.use_cases.require_admission import facts_beside, proven_of
from services.identity.domain.admission_rule import Way, admits, parse_rule, ways_of
from services.identity.settings import IdentitySettings
from services.identity.store.joining import JoiningScene
from services.identity.use_cases.find_union import union_of


@dataclass(frozen=True, slots=True)
class WayMet:
    """`is_so` is None for an invitation: that shows when it is brought. `valid_until`: of a proof."""

    way: Way
    is_so: bool | None
    valid_until: datetime | None


@dataclass(frozen=True, slots=True)
class RuleMet:
    """The rule, whether it is so without an invitation, and each of its ways once."""

    rule: str
    admits: bool
    ways: Sequence[WayMet]


async def read_proofs(unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str) -> RuleMet:
    """Raises UnionNotFound."""
    found = await union_of(unit, union)
    scene = JoiningScene(found, await rule_of(unit, found), previous=None, invitation=None)
    rule = parse_rule(scene.admission)
    ways = tuple(dict.fromkeys(ways_of(rule)))
    until = await proven_of(unit, found.id, member_id, rule)
    so = await facts_beside(unit, settings, scene, member_id, rule, until.keys())
    met = [
        WayMet(way, None if way.name == "invitation" else admits(way, so), until.get(way.text))
        for way in ways
    ]
    return RuleMet(scene.admission, admits(rule, so), met)
