"""Businesses as identity tells the ledger of them, and payments from their accounts."""

from typing import Any
from uuid import UUID

import httpx

from chassis.revocations.log import Revocation, RevocationKind, RevocationPage
from events.identity import BusinessGrantState, BusinessState, OfficeGrant
from services.ledger.domain.accounts import AccountKind, business_account_id
from tests.services.ledger.domain.ledger_nouns import named
from tests.services.ledger.house import LONG_AGO, UNION, LedgerHouse, account_of_union, member_id
from tests.services.ledger.offices import LATER, grant

BAKERY = UUID("0195e0c2-0000-7000-8000-00000000b001")
MILL = UUID("0195e0c2-0000-7000-8000-00000000b002")
ACCOUNT, MILLS = business_account_id(UNION, BAKERY), business_account_id(UNION, MILL)
TREASURY = account_of_union(AccountKind.TREASURY)
OWNER, MANAGER, HIRE, OUTSIDER = 1, 2, 3, 4
"""Numbers of members."""


def business_event(business_id: UUID = BAKERY, *, version: int = 1, state: str = "active") -> BusinessState:
    return BusinessState(
        union_id=UNION, business_id=business_id, version=version, state=state, founded_at=LONG_AGO
    )


def held(
    number: int, *grants: OfficeGrant, business_id: UUID = BAKERY, version: int = 1
) -> BusinessGrantState:
    return BusinessGrantState(
        union_id=UNION,
        business_id=business_id,
        member_id=member_id(number),
        version=version,
        grants=grants,
    )


MANAGING = (grant("audit", LATER, (2, 0)), grant("spend"))


async def found_bakery(house: LedgerHouse, funds: int = 1_000, limit: int = 100) -> None:
    """An owner who sees it, a manager, a hire who may spend so much; and a mill of nobody's."""
    await house.consume(
        business_event(),
        business_event(MILL),
        held(OWNER, grant("audit")),
        held(MANAGER, *MANAGING),
        held(HIRE, grant("spend", LATER, (3, limit))),
    )
    if funds:
        assert await house.pay(OUTSIDER, 0, funds, named("funds"), credit_account=f"businesses/{BAKERY}") == (
            "posted",
            None,
        )


async def pay(house: LedgerHouse, name: str, minor: int, number: int, **changed: Any) -> httpx.Response:
    """From the bakery's account, to the outsider."""
    body = {
        "business_id": str(BAKERY),
        "account": f"members/{member_id(OUTSIDER)}",
        "amount": {"asset": "GLD", "minor": str(minor)},
        "memo": "Flour",
    }
    return await house.act("PUT", f"/business-payments/{named(name)}", body | changed, number=number)


def hear_ended(house: LedgerHouse, number: int, version: int, business_id: UUID = BAKERY) -> None:
    """The log says so; the event has not come."""
    view = house.chassis.revocations.view
    until = house.clock.now().replace(year=house.clock.now().year + 1)
    entry = Revocation(
        view.position + 1, RevocationKind.RIGHTS, str(business_id), member_id(number), until, version
    )
    view.take(RevocationPage((entry,), entry.number, entry.number, 0.0), 0.0)
