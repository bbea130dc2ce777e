"""Pay from a business' account by the right to spend in it."""

from collections.abc import Sequence
from functools import partial
from uuid import UUID

from chassis.membership import Membership
from chassis.peers import Peers
from chassis.rights.grants import Ground
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.rights import Code, Principal, hire_principal, manager_principal
from services.ledger.domain.transfers import Answer
from services.ledger.store.payments_by_right import OF_BUSINESSES
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.open_business_account import known_business_account
from services.ledger.use_cases.pay_by_right import PaymentDraft, Purse, pay_by_right


async def pay_from_business(
    unit: UnitOfWork,
    peers: Peers,
    payer: Membership,
    business_id: UUID,
    grounds: Sequence[Ground],
    draft: PaymentDraft,
    act: ActOfTransfer,
) -> Answer:
    """The transfer's result. Who has a limit never pays themselves, nor a business in which they hold
    something; who has none may.

    Raises BusinessNotFound, PeerUnavailable, and what `pay_by_right` raises.
    """
    purse = Purse(
        await known_business_account(unit, peers, payer.union, business_id),
        Code.BUSINESS_PAY,
        OF_BUSINESSES,
        partial(_principal, payer.member_id, business_id),
        "business-payments",
        "business.paid",
        business_id,
    )
    return await pay_by_right(unit, payer, grounds, purse, draft, act)


def _principal(member_id: UUID, business_id: UUID, ground: Ground) -> Principal:
    made = hire_principal if ground.charges else manager_principal
    return made(member_id, business_id)
