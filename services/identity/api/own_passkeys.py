"""One's own passkeys."""

from uuid import UUID

from fastapi import APIRouter

from chassis.auth.dependencies import Act, FreshAct, SignedIn
from chassis.pages import Page, Paging
from chassis.problems import problem_responses
from chassis.route import TransactionRoute, Unit
from services.identity.api.joined import Joined
from services.identity.api.passkey_bodies import NameBody, NewPasskeyBody, PasskeyView
from services.identity.store.passkeys import name_passkey, passkeys_of
from services.identity.use_cases.add_passkey import add_passkey
from services.identity.use_cases.remove_key import keep_passkey, own_passkey, remove_passkey

router = APIRouter(prefix="/v1/me/passkeys", route_class=TransactionRoute, tags=["members"])


@router.get("", responses=problem_responses(400, 401, 422, 503))
async def get_my_passkeys(unit: Unit, claims: SignedIn, page: Paging) -> Page[PasskeyView]:
    """The passkeys by which one can sign in, in the order of their making."""
    rows = await passkeys_of(unit, claims.member_id, page.after_id, page.limit)
    return page.page_by_id(rows, PasskeyView.of, lambda passkey: passkey.id)


@router.post("", status_code=201, responses=problem_responses(400, 401, 403, 409, 413, 422, 503))
async def post_my_passkey(
    body: NewPasskeyBody, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> PasskeyView:
    """Add a passkey; its challenge names the device that signs this. A signed act, with a fresh proof of a
    key."""
    passkey = await add_passkey(unit, identity.settings, claims.member_id, claims.device_key_id, body.made())
    return PasskeyView.of(passkey)


@router.patch("/{passkey}", responses=problem_responses(400, 401, 404, 413, 422, 503))
async def patch_my_passkey(
    passkey: UUID, body: NameBody, unit: Unit, claims: SignedIn, _: Act
) -> PasskeyView:
    """Call it otherwise: a signed act."""
    found = await own_passkey(unit, claims.member_id, passkey)
    await name_passkey(unit, found.id, body.name.strip())
    return PasskeyView.of(await own_passkey(unit, claims.member_id, passkey))


@router.delete("/{passkey}", responses=problem_responses(400, 401, 403, 404, 409, 422, 503))
async def delete_my_passkey(
    passkey: UUID, unit: Unit, identity: Joined, claims: SignedIn, _: FreshAct
) -> PasskeyView:
    """Have it removed after a delay, if it is not my last key; devices that it certified go on. A signed act,
    with a fresh proof of a key."""
    await remove_passkey(unit, identity.settings, claims.member_id, passkey)
    return PasskeyView.of(await own_passkey(unit, claims.member_id, passkey))


@router.delete("/{passkey}/removal", status_code=204, responses=problem_responses(400, 401, 404, 422, 503))
async def delete_removal_of_passkey(passkey: UUID, unit: Unit, claims: SignedIn, _: Act) -> None:
    """Keep it after all. A signed act."""
    await keep_passkey(unit, claims.member_id, passkey)
