"""Deposits: what came in from the chain, whom it was credited to, and the claim of what named nobody."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act
from chassis.membership import MembershipOfCaller, UnionView
from chassis.money import MoneyView
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import act_checks
from services.ledger.bridge.domain.errors import DepositNotFound
from services.ledger.bridge.domain.states import DepositState, Unclaimed
from services.ledger.bridge.store.deposits import Deposit, deposits_before, find_deposit
from services.ledger.bridge.use_cases.credit_deposits import claim_deposit
from services.ledger.bridge.use_cases.find_wallets import find_wallets

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class DepositView(BaseModel):
    """A deposit that is final on the chain. Unclaimed: it credits nobody yet, and `unclaimed` says why."""

    id: UUID
    state: DepositState
    unclaimed: Unclaimed | None = Field(
        description="`names_nobody`: claim it as the member whose wallet sent it."
    )
    amount: MoneyView | None = Field(description="Null where the chain's amount is no whole number of units.")
    chain_amount: str = Field(examples=["2500000000000000000"])
    depositor: str = Field(description="The wallet that sent it.")
    transaction_hash: str
    block_number: int
    seen_at: datetime
    credited_at: datetime | None

    @classmethod
    def of(cls, union: UnionView, found: Deposit) -> "DepositView":
        minor = found.amount_minor
        return cls(
            id=found.id,
            state=found.state,
            unclaimed=found.unclaimed,
            amount=None if minor is None else union.token.money(minor).view(),
            chain_amount=str(found.chain_amount),
            depositor=found.depositor,
            transaction_hash=found.transaction_hash,
            block_number=found.block_number,
            seen_at=found.seen_at,
            credited_at=found.credited_at,
        )


@router.get("/deposits", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_deposits(
    unit: Unit,
    member: MembershipOfCaller,
    paging: Paging,
    of: Annotated[
        Literal["me", "nobody"], Query(description="Mine, or those that nobody was credited for.")
    ] = "me",
) -> Page[DepositView]:
    """My deposits, the newest first; or those that wait for a claim."""
    owner = member.member_id if of == "me" else None
    rows = await deposits_before(await unit.raw(), member.union.id, owner, paging.after_id, paging.limit + 1)
    return paging.page_by_id(rows, lambda row: DepositView.of(member.union, row), lambda row: row.id)


@router.get("/deposits/{deposit}", responses=problem_responses(400, 401, 403, 404, 422, 503))
async def get_deposit(unit: Unit, member: MembershipOfCaller, deposit: UUID) -> DepositView:
    """One deposit, mine or nobody's."""
    return DepositView.of(member.union, await _visible(unit, member.union, deposit, member.member_id))


@router.put("/deposits/{deposit}/claim", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def put_claim(
    request: Request, unit: Unit, member: MembershipOfCaller, act: Act, deposit: UUID
) -> DepositView:
    """Claim a deposit that names nobody: a signed act of the member whose wallet sent it."""
    peers = request.app.state.chassis.peers
    wallets = await find_wallets(peers, act, member.member_id, act_checks(request))
    await claim_deposit(unit, member.union, deposit, member.member_id, wallets)
    return DepositView.of(member.union, await _visible(unit, member.union, deposit, member.member_id))


async def _visible(unit: Unit, union: UnionView, deposit_id: UUID, member_id: UUID) -> Deposit:
    found = await find_deposit(await unit.raw(), union.id, deposit_id, member_id)
    if found is None:
        raise DepositNotFound(deposit_id)
    return found
