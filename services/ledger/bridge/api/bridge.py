"""The bridge of a union: how it stands, and its opening by the founder."""

from datetime import datetime
from typing import Literal
from uuid import UUID

from fastapi import APIRouter, Response
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act
from chassis.membership import ActiveMember, UnionOfPath, UnionView
from chassis.problems import FORBIDDEN, Problem, problem_responses
from chassis.route import TransactionRoute, Unit
from services.ledger.api.dependencies import Settings
from services.ledger.bridge.domain.amounts import CHAIN_SCALE, unit_of
from services.ledger.bridge.domain.errors import BridgeOff
from services.ledger.bridge.domain.states import BridgeState
from services.ledger.bridge.store.bridges import Bridge, find_bridge
from services.ledger.bridge.use_cases.open_bridge import open_bridge
from services.ledger.settings import LedgerSettings

router = APIRouter(prefix="/v1/unions/{union}", tags=["ledger"], route_class=TransactionRoute)


class BridgeView(BaseModel):
    """A union's bridge. A deposit is an approval and a call of the vault's `deposit(amount, account)`, where
    `account` is the id of a member's account, in the lower 16 of 32 bytes."""

    union_id: UUID
    state: Literal["off", "none", "opening", "open"] = Field(
        description="`off`: this deployment has no chain. `none`: the union has no bridge yet."
    )
    chain_id: int | None = Field(examples=[1])
    vault: str | None = Field(description="The contract that holds what is inside; an EIP-55 address.")
    token: str | None = Field(description="The ERC-20, with permits; an EIP-55 address.")
    scale: int = Field(description="Decimals of the token on the chain.", examples=[18])
    unit: str = Field(
        description="One minor unit on the chain: a deposit is a whole number of them.",
        examples=["1000000000000"],
    )
    indexed_block: int | None = Field(description="The last final block whose deposits are counted.")
    opened_at: datetime | None

    @classmethod
    def of(cls, union: UnionView, bridge: Bridge | None, settings: LedgerSettings) -> "BridgeView":
        is_off = settings.eth_rpc_url is None
        return cls(
            union_id=union.id,
            state="off" if is_off else "none" if bridge is None else bridge.state.value,
            chain_id=None if is_off else settings.eth_chain_id,
            vault=None if bridge is None else bridge.vault,
            token=None if bridge is None else bridge.token,
            scale=CHAIN_SCALE,
            unit=str(unit_of(union.token.scale)),
            indexed_block=None if bridge is None or bridge.vault is None else bridge.indexed_number,
            opened_at=None if bridge is None else bridge.opened_at,
        )


@router.get("/bridge", responses=problem_responses(400, 401, 404, 422, 503))
async def get_bridge(unit: Unit, union: UnionOfPath, settings: Settings) -> BridgeView:
    """The union's bridge to the chain, for everybody."""
    return BridgeView.of(union, await find_bridge(await unit.raw(), union.id), settings)


@router.put(
    "/bridge",
    responses={202: {"model": BridgeView, "description": "Taken: it is opening."}}
    | problem_responses(400, 401, 403, 404, 409, 422, 503),
)
async def put_bridge(
    unit: Unit, member: ActiveMember, _: Act, settings: Settings, response: Response
) -> BridgeView:
    """Open the union's bridge: the founder's signed act. It is open once token and vault are final."""
    if not member.is_head:
        raise Problem(FORBIDDEN, {"reason": "Only the founder opens the bridge."})
    if settings.eth_rpc_url is None:
        raise BridgeOff
    bridge = await open_bridge(unit, member.union, settings.eth_chain_id, member.member_id)
    if bridge.state is BridgeState.OPENING:
        response.status_code = 202
    return BridgeView.of(member.union, bridge, settings)
