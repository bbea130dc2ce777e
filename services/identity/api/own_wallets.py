"""One's own wallets: by which one signs in."""

from datetime import datetime
from typing import Annotated, Self

from fastapi import APIRouter, Path, Request, Response
from pydantic import BaseModel, Field

from chassis.auth.dependencies import Act, FreshAct, FreshActToKeep, SignedIn, keep_act
from chassis.contract_wallets import CONTRACT_WALLET, account_of, is_for_contract
from chassis.device_certificates import DeviceCertificate
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from chassis.unit_of_work import UnitOfWork
from services.identity.api.auth import SessionBody
from services.identity.api.contract_sessions import ContractSignIn, proven_by_contract
from services.identity.api.joined import Identity, Joined
from services.identity.api.passkey_bodies import KeyName, NameBody
from services.identity.domain.errors import ContractAskedUnderKey
from services.identity.store.member_keys import OwnWallet, name_wallet, wallets_of
from services.identity.use_cases.add_wallet import ProvenWallet, add_wallet, prove_added_wallet
from services.identity.use_cases.remove_key import keep_wallet, own_wallet, remove_wallet

router = APIRouter(prefix="/v1/me/wallets", route_class=TransactionRoute, tags=["members"])

WalletOfPath = Annotated[
    str,
    Path(
        pattern=r"^(eip155:[0-9]{1,18}:)?0x[0-9a-fA-F]{40}$",
        description="The wallet's address; a contract's with its chain before it (CAIP-10).",
        examples=["0x8ba1f109551bd432803012645ac136ddd64dba72"],
    ),
]


class NewWalletBody(SessionBody):
    """The message certifies the device that signs this."""

    name: KeyName = ""


class WalletView(BaseModel):
    """A wallet by which I sign in."""

    address: str = Field(
        description="In lower case; a contract's with its chain before it (CAIP-10).",
        examples=["0x8ba1f109551bd432803012645ac136ddd64dba72"],
    )
    name: str = Field(examples=["Hardware wallet"])
    added_at: datetime
    removed_at: datetime | None = Field(
        description="When it signs in no more, where its removal waits: until then any key of mine keeps it."
    )

    @classmethod
    def of(cls, wallet: OwnWallet) -> Self:
        return cls(
            address=wallet.address, name=wallet.name, added_at=wallet.added_at, removed_at=wallet.removed_at
        )


class WalletListView(BaseModel):
    items: list[WalletView]


@router.get("", responses=problem_responses(401, 503))
async def get_my_wallets(unit: Unit, claims: SignedIn) -> WalletListView:
    """The wallets by which I sign in."""
    return WalletListView(items=[WalletView.of(each) for each in await wallets_of(unit, claims.member_id)])


@router.post(
    "",
    status_code=201,
    response_model=WalletView,
    responses=problem_responses(400, 401, 409, 413, 422, 503),
)
async def post_my_wallet(
    request: Request, body: NewWalletBody, unit: Unit, identity: Joined, claims: SignedIn, act: FreshActToKeep
) -> WalletView | Response:
    """Add a wallet, a key's or a contract's; its message certifies the device that signs this. A signed act,
    with a fresh proof of a key."""
    wallet = await _proven(request, unit, identity, body)
    if isinstance(wallet, Response):
        return wallet
    await keep_act(unit, claims.member_id, act)
    added = await add_wallet(
        unit, identity.settings, claims.member_id, claims.device_key_id, wallet, body.name.strip()
    )
    return WalletView.of(added)


async def _proven(
    request: Request, unit: UnitOfWork, identity: Identity, body: NewWalletBody
) -> ProvenWallet | Response:
    """A contract is asked by the node while no transaction is open. Raises ContractAskedUnderKey."""
    certificate = DeviceCertificate(body.message, body.signature)
    if not is_for_contract(certificate, identity.contract_wallets):
        return await prove_added_wallet(
            unit, identity.settings, message=body.message, signature=body.signature
        )
    if unit.has_begun:
        raise ContractAskedUnderKey
    sent = ContractSignIn(certificate, browser=None, address=None, by_act=True)
    device = await proven_by_contract(request, identity, sent)
    if isinstance(device, Response):
        return device
    return ProvenWallet(CONTRACT_WALLET, account_of(device, identity.contract_wallets), device.key_id)


@router.patch("/{wallet}", responses=problem_responses(400, 401, 404, 413, 422, 503))
async def patch_my_wallet(
    wallet: WalletOfPath, body: NameBody, unit: Unit, claims: SignedIn, _: Act
) -> WalletView:
    """Call it otherwise: a signed act."""
    found = await own_wallet(unit, claims.member_id, wallet)
    await name_wallet(unit, found.address, body.name.strip())
    return WalletView.of(await own_wallet(unit, claims.member_id, wallet))


@router.delete("/{wallet}", responses=problem_responses(400, 401, 404, 409, 422, 503))
async def delete_my_wallet(
    wallet: WalletOfPath, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> WalletView:
    """Have it removed after a delay, if it is not my last key; devices that it certified go on. A signed act,
    with a fresh proof of a key."""
    await remove_wallet(unit, identity.settings, claims.member_id, wallet)
    return WalletView.of(await own_wallet(unit, claims.member_id, wallet))


@router.delete("/{wallet}/removal", status_code=204, responses=problem_responses(400, 401, 404, 422, 503))
async def delete_removal_of_wallet(wallet: WalletOfPath, unit: Unit, claims: SignedIn, _: Act) -> None:
    """Keep it after all. A signed act."""
    await keep_wallet(unit, claims.member_id, wallet)
