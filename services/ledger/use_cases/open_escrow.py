"""Open an escrow account: its payees and its beneficiary are fixed now and never change."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.membership import UnionView, ask_membership, find_membership
from chassis.peers import Peers
from chassis.unit_of_work import UnitOfWork
from services.ledger.domain.accounts import (
    Account,
    AccountKind,
    member_account_id,
    referred_account,
)
from services.ledger.domain.errors import (
    AccountExistsDifferently,
    PayeeNotFound,
    ResourceNotPermitted,
    TooManyPayees,
    WrongAsset,
)
from services.ledger.domain.rights import SERVICE_RESOURCES, Principal
from services.ledger.store.accounts import NewAccount, load_accounts, open_accounts, open_escrow
from services.ledger.use_cases.open_books import lock_books

CONTRIBUTORS = "contributors"
PAYEE_KINDS = (AccountKind.MEMBER, AccountKind.TREASURY)


@dataclass(frozen=True, slots=True)
class EscrowDraft:
    """An escrow as a service asks for it; `exit_to` is a reference, or `contributors`."""

    id: UUID
    asset: str
    resource: str
    payees: Sequence[str]
    exit_to: str


async def open_escrow_account(
    unit: UnitOfWork,
    peers: Peers,
    union: UnionView,
    principal: Principal,
    draft: EscrowDraft,
    payees_max: int,
) -> Account:
    """The escrow, opened now or before with the same content.

    Raises ResourceNotPermitted, TooManyPayees, WrongAsset, BadAccountReference, PayeeNotFound,
    AccountExistsDifferently.
    """
    prefix = SERVICE_RESOURCES[principal.kind]
    if not draft.resource.startswith(prefix):
        raise ResourceNotPermitted(draft.resource, prefix)
    if len(draft.payees) > payees_max:
        raise TooManyPayees(len(draft.payees), payees_max)
    if draft.asset != union.token.symbol:
        raise WrongAsset(draft.asset, union.token.symbol)
    payees = frozenset(referred_account(union.id, reference) for reference in draft.payees)
    exit_to = None if draft.exit_to == CONTRIBUTORS else referred_account(union.id, draft.exit_to)
    wanted = Account(
        id=draft.id,
        number=0,
        kind=AccountKind.ESCROW,
        asset=draft.asset,
        opened_by=principal.id,
        resource=draft.resource,
        payees=payees,
        exit_to=exit_to,
    )
    raw = await unit.raw()
    existing = (await load_accounts(raw, union.id, [draft.id])).get(draft.id)
    if existing is None:
        await lock_books(unit, union)
        references = [*draft.payees, *([] if exit_to is None else [draft.exit_to])]
        await _require_payees(unit, peers, union, references)
        await open_escrow(raw, union.id, wanted, unit.now)
        existing = (await load_accounts(raw, union.id, [draft.id])).get(draft.id)
        unit.record_act(
            "open an escrow",
            f"accounts/{draft.id}",
            {"resource": draft.resource, "payees": sorted(payees), "exit_to": exit_to},
            union_id=union.id,
        )
    if existing is None or _content(existing) != _content(wanted):
        raise AccountExistsDifferently(draft.id)
    return existing


def _content(account: Account) -> tuple[object, ...]:
    return (
        account.kind,
        account.asset,
        account.opened_by,
        account.resource,
        account.payees,
        account.exit_to,
    )


async def _require_payees(
    unit: UnitOfWork, peers: Peers, union: UnionView, references: Sequence[str]
) -> None:
    """Every payee has an account; that of a member whom the ledger has not met yet is opened."""
    raw = await unit.raw()
    named = {referred_account(union.id, reference): reference for reference in references}
    known = await load_accounts(raw, union.id, named)
    for account_id, reference in named.items():
        account = known.get(account_id)
        if account is None:
            await _open_for_member(unit, peers, union, account_id, reference)
        elif account.kind not in PAYEE_KINDS:
            raise PayeeNotFound(account_id)


async def _open_for_member(
    unit: UnitOfWork, peers: Peers, union: UnionView, account_id: UUID, reference: str
) -> None:
    if not reference.startswith("members/"):
        raise PayeeNotFound(account_id)
    member_id = UUID(reference.removeprefix("members/"))
    membership = await find_membership(unit, union, member_id) or await ask_membership(
        unit, peers, union, member_id
    )
    if membership is None:
        raise PayeeNotFound(account_id)
    new = NewAccount(member_account_id(union.id, member_id), AccountKind.MEMBER, member_id)
    await open_accounts(await unit.raw(), union.id, union.token.symbol, [new], unit.now)
