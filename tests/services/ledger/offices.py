"""Offices as identity tells the ledger of them."""

from datetime import UTC, datetime, timedelta
from uuid import UUID

from chassis.revocations.log import Revocation, RevocationKind, RevocationPage
from events.identity import GrantCharge, OfficeGrant, OfficeGrantState
from tests.services.ledger.house import UNION, LedgerHouse, member_id

LATER = datetime(2099, 1, 1, tzinfo=UTC)


def holding(number: int) -> UUID:
    return UUID(int=0x0195E0C2_0000_7000_8000_0000000F0000 + number)


def grant(right: str, until: datetime = LATER, *charges: tuple[int, int]) -> OfficeGrant:
    """`charges`: number of the holding and its limit, the member's own first."""
    return OfficeGrant(
        right=right,
        holding_id=holding(charges[0][0] if charges else 1),
        until=until,
        charges=tuple(GrantCharge(holding_id=holding(one), limit_minor=limit) for one, limit in charges),
    )


def grants_event(number: int, *grants: OfficeGrant, version: int = 1) -> OfficeGrantState:
    return OfficeGrantState(union_id=UNION, member_id=member_id(number), version=version, grants=grants)


def hear_ended_rights(house: LedgerHouse, number: int, version: int) -> None:
    """The log says so; the event has not come."""
    view = house.chassis.revocations.view
    entry = Revocation(
        view.position + 1,
        RevocationKind.RIGHTS,
        str(UNION),
        member_id(number),
        house.clock.now() + timedelta(days=14),
        version,
    )
    view.take(RevocationPage((entry,), entry.number, entry.number, 0.0), 0.0)
