"""The union that somebody wants to come into."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.admission.use_cases.begin_membership import membership_in
from services.identity.deletion.store.present import hold_present
from services.identity.domain.errors import UnionNotFound
from services.identity.domain.handle import looks_like_id
from services.identity.store import joining
from services.identity.store.joining import JoiningScene


async def scene_of(
    unit: UnitOfWork, union: str, member_id: UUID, code_hash: bytes | None = None
) -> JoiningScene:
    """With the union shared; `code_hash`: of an invitation's code. Raises UnionNotFound, UnionDissolved."""
    named = UUID(union) if looks_like_id(union) else union
    scene = await joining.joining_scene(unit, named, member_id, code_hash)
    if scene is None:
        raise UnionNotFound(union)
    scene.union.require_active()
    return scene


async def candidate_of(unit: UnitOfWork, union: str, member_id: UUID) -> JoiningScene:
    """With the union shared. Raises UnionNotFound, UnionDissolved, AccountErasing, AlreadyMember,
    MembershipBarred."""
    scene = await scene_of(unit, union, member_id)
    await hold_present(unit, member_id)
    await membership_in(unit, scene, member_id)
    return scene
