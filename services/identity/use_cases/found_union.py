"""Found a union with a name and a purpose alone; everything else comes from a preset."""

import base64
from dataclasses import dataclass, replace
from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.use_cases.require_chains import require_chains
from services.identity.deletion.store.present import hold_present
from services.identity.domain.charter import Charter, with_parameters
from services.identity.domain.errors import SlugTaken, UnionsPerFounderReached
from services.identity.domain.membership import found
from services.identity.domain.parameters import PresetName
from services.identity.domain.preset import founding_charter
from services.identity.domain.slug import check_slug, derive_slug, numbered_slug
from services.identity.domain.union import NetworkUnion, UnionState
from services.identity.settings import IdentitySettings
from services.identity.store import charters, members, memberships, unions
from services.identity.store.charters import AdoptedCharter
from services.identity.use_cases.publish_state import publish_membership, publish_union

SLUG_NUMBERS_MAX = 50


@dataclass(frozen=True, slots=True)
class Founding:
    """What the founder says. `parameters` are those that shall differ from the preset's."""

    name: str
    purpose: str
    slug: str | None = None
    parameters: dict[str, int | str] | None = None
    preset: PresetName = PresetName.GUILD_OF_FREELANCERS


async def found_union(
    unit: UnitOfWork, settings: IdentitySettings, founder_id: UUID, founding: Founding
) -> NetworkUnion:
    """The union, its first charter and its founder's membership, in one transaction.

    Raises AccountErasing, UnionNameRefused, SlugRefused, SlugTaken, ParameterRefused,
    UnionsPerFounderReached.
    """
    name = " ".join(founding.name.split())
    union_id = unit.ids.new()
    charter = founding_charter(founding.preset, union_id, name, founding.purpose.strip())
    charter = _with_wishes(charter, founding.parameters)
    require_chains(settings, charter.parameters.admission)
    await members.lock_member(unit, founder_id)
    await hold_present(unit, founder_id)
    if await unions.unions_founded_by(unit, founder_id) >= settings.unions_per_founder_max:
        raise UnionsPerFounderReached(settings.unions_per_founder_max)
    union = NetworkUnion(
        id=union_id,
        slug="",
        name=name,
        state=UnionState.ACTIVE,
        founder_id=founder_id,
        head_id=founder_id,
        version=1,
        charter_version=charter.version,
        charter_hash=charter.hash(),
        founded_at=unit.now,
    )
    union = await _add_with_slug(unit, union, founding.slug)
    await charters.add_charter(
        unit, AdoptedCharter(charter, union.charter_hash, founder_id, "founding", unit.now)
    )
    membership = found(union_id, founder_id, unit.now)
    await memberships.save_membership(unit, membership, active_change=1)
    publish_union(unit, union, charter)
    publish_membership(unit, membership)
    unit.record_act(
        "found_union",
        f"unions/{union_id}",
        {"slug": union.slug, "charter_hash": union.charter_hash},
        union_id=union_id,
        charter_version=1,
    )
    return union


def _with_wishes(charter: Charter, parameters: dict[str, int | str] | None) -> Charter:
    if not parameters:
        return charter
    return replace(charter, parameters=with_parameters(charter.parameters, parameters))


async def _add_with_slug(unit: UnitOfWork, union: NetworkUnion, wanted: str | None) -> NetworkUnion:
    """Write the union under the slug asked for, or under the first free one derived from its name."""
    if wanted is not None:
        named = replace(union, slug=check_slug(wanted))
        if not await unions.add_union(unit, named):
            raise SlugTaken(wanted)
        return named
    distinction = _distinction(union.id)
    derived = derive_slug(union.name, distinction)
    candidates = [numbered_slug(derived, number) for number in range(1, SLUG_NUMBERS_MAX + 1)]
    taken = await unions.slugs_taken(unit, candidates)
    free = [slug for slug in candidates if slug not in taken]
    for slug in (*free, f"union-{distinction}"):
        named = replace(union, slug=slug)
        if await unions.add_union(unit, named):
            return named
    raise SlugTaken(derived)


def _distinction(union_id: UUID) -> str:
    """Twelve letters and digits of the id's random part."""
    random_bits = union_id.int & ((1 << 62) - 1)
    return base64.b32encode(random_bits.to_bytes(8, "big")).decode("ascii").rstrip("=").lower()[-12:]
