"""Open the account of a business, and shut it once its business has closed."""

from uuid import UUID

from chassis.membership import UnionView
from chassis.peers import Peers
from chassis.rights.business_projection import ask_business
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import AccountKind, business_account_id
from services.ledger.domain.errors import BusinessNotFound
from services.ledger.domain.journal import time_after
from services.ledger.store.accounts import NewAccount, load_accounts, open_accounts, shut_account
from services.ledger.use_cases.open_books import lock_books

CLOSED = "closed"


async def open_business_account(unit: UnitOfWork, union: UnionView, business_id: UUID, state: str) -> UUID:
    """The account, opened now or before. Of a business that has closed nothing is credited to it any more;
    what it has may be paid out."""
    moment = time_after(await lock_books(unit, union), unit.now)
    raw, account_id = await unit.raw(), business_account_id(union.id, business_id)
    new = NewAccount(account_id, AccountKind.BUSINESS, business_id)
    await open_accounts(raw, union.id, union.token.symbol, [new], unit.now)
    if state == CLOSED:
        await shut_account(raw, union.id, account_id, moment)
    return account_id


async def known_business_account(unit: UnitOfWork, peers: Peers, union: UnionView, business_id: UUID) -> UUID:
    """The account; of a business whose event has not come yet, identity is asked.

    Raises BusinessNotFound, PeerUnavailable.
    """
    account_id = business_account_id(union.id, business_id)
    if account_id in await load_accounts(await unit.raw(), union.id, [account_id]):
        return account_id
    state = await ask_business(unit, peers, union.id, business_id)
    if state is None:
        raise BusinessNotFound(business_id)
    return await open_business_account(unit, union, business_id, state)
