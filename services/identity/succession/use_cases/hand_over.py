"""Hand the founder's office over to the heir, who agreed: at once."""

from uuid import UUID

from chassis.unit_of_work import UnitOfWork
from services.identity.domain.union import NetworkUnion
from services.identity.settings import IdentitySettings
from services.identity.succession.domain.errors import HeirNotWilling
from services.identity.succession.domain.heir import Way
from services.identity.succession.use_cases.pass_office import pass_office
from services.identity.succession.use_cases.union_of_heir import heads_union, is_active, required_heir


async def hand_over(
    unit: UnitOfWork, settings: IdentitySettings, member_id: UUID, union: str
) -> NetworkUnion:
    """The union under its new head. Raises UnionNotFound, UnionDissolved, FounderOnly, HeirNotNamed,
    HeirNotWilling.
    """
    found = await heads_union(unit, union, member_id, "hand the office over")
    heir = await required_heir(unit, found)
    if heir.agreed_at is None or not await is_active(unit, found, heir.member_id):
        raise HeirNotWilling
    return await pass_office(unit, settings, found, heir, Way.HANDED_OVER, member_id)
