"""Pay from the treasury by the right to spend."""

from collections.abc import Sequence

from chassis.membership import Membership
from chassis.rights.grants import Ground
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import AccountKind, union_account_id
from services.ledger.domain.rights import Code, officer_principal
from services.ledger.domain.transfers import Answer
from services.ledger.store.payments_by_right import OF_TREASURY
from services.ledger.store.postings import ActOfTransfer
from services.ledger.use_cases.pay_by_right import PaymentDraft, Purse, pay_by_right


async def pay_from_treasury(
    unit: UnitOfWork,
    officer: Membership,
    grounds: Sequence[Ground],
    draft: PaymentDraft,
    act: ActOfTransfer,
) -> Answer:
    """The transfer's result. Nobody pays themselves, nor a business in which they hold
    something. Raises what `pay_by_right` raises."""
    purse = Purse(
        union_account_id(officer.union.id, AccountKind.TREASURY),
        Code.TREASURY_PAY,
        OF_TREASURY,
        lambda _: officer_principal(officer.member_id),
        "treasury-payments",
        "treasury.paid",
    )
    return await pay_by_right(unit, officer, grounds, purse, draft, act)
