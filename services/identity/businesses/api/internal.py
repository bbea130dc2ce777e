"""What only services may ask of businesses."""

from uuid import UUID

from fastapi import APIRouter

from chassis.auth.dependencies import ServiceCaller
from chassis.route import TransactionRoute, Unit
from events.identity import BusinessGrantState, BusinessState
from services.identity.api.fields import UnionOfPath
from services.identity.businesses.api.views import BusinessOfPath
from services.identity.businesses.use_cases.read_business import read_grants, read_state

router = APIRouter(
    prefix="/internal/unions/{union}/businesses", route_class=TransactionRoute, tags=["internal"]
)


@router.get("/{business}")
async def get_business_state(
    union: UnionOfPath, business: BusinessOfPath, unit: Unit, _: ServiceCaller
) -> BusinessState:
    """The business' present state, as its event says it."""
    return await read_state(unit, union, business)


@router.get("/{business}/grants/{member_id}")
async def get_business_grants(
    union: UnionOfPath, business: BusinessOfPath, member_id: UUID, unit: Unit, _: ServiceCaller
) -> BusinessGrantState:
    """What a member may in the business now, as its event says it."""
    return await read_grants(unit, union, business, member_id)
