"""Who asks the ledger: a member by their signed act, or a service that may open escrows."""

from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from chassis.auth.claims import ServiceClaims
from chassis.auth.dependencies import (
    AnyCaller,
    ServiceCaller,
    act_signature,
    any_caller,
    member_token,
    service_token,
    verified_act,
)
from chassis.membership import (
    ActiveMember,
    Membership,
    UnionOfPath,
    UnionView,
    active_member,
    union_of_path,
)
from chassis.problems import FORBIDDEN, Problem
from chassis.signatures import ActLimits, SignedAct
from chassis.siwe import SignInLimits
from services.ledger.api.fields import UnionName
from services.ledger.domain.rights import (
    SERVICE_RESOURCES,
    Principal,
    member_principal,
    named_principal,
)
from services.ledger.settings import LedgerSettings
from services.ledger.use_cases.verify_debit_act import ActChecks

OFFICER_ROLE = "founder"
_SERVICES = {kind.value: named_principal(kind) for kind in SERVICE_RESOURCES}


@dataclass(frozen=True, slots=True)
class Asker:
    """The principal of a batch in the path's union; `own_act` is a member's, verified and not yet stored."""

    principal: Principal
    own_act: SignedAct | None
    union: UnionView


async def settings_of(request: Request) -> LedgerSettings:
    return request.app.state.chassis.settings


def principal_of_service(claims: ServiceClaims) -> Principal:
    """The service as principal; Problem 403 for one that moves no money."""
    principal = _SERVICES.get(claims.service)
    if principal is None:
        raise Problem(FORBIDDEN, {"reason": f"{claims.service} is no service that moves money."})
    return principal


async def service_principal(claims: ServiceCaller) -> Principal:
    return principal_of_service(claims)


async def asker(
    request: Request,
    union: UnionName,
    _: Annotated[None, Depends(member_token)],
    __: Annotated[None, Depends(service_token)],
    ___: Annotated[str | None, Depends(act_signature)],
) -> Asker:
    """A money-moving service, or an active member of the union whose request is their signed act."""
    found = await union_of_path(request, union)
    caller = await any_caller(request, None, None)
    if isinstance(caller, ServiceClaims):
        return Asker(principal_of_service(caller), None, found)
    await active_member(request, union, None)
    return Asker(member_principal(caller.member_id), await verified_act(request), found)


async def officer_or_service(
    request: Request, caller: AnyCaller, union: UnionOfPath
) -> Principal | Membership:
    """A money-moving service, or an officer of the union; so far the founder is the one officer."""
    if isinstance(caller, ServiceClaims):
        return principal_of_service(caller)
    return await officer(await active_member(request, union.slug, None))


async def officer(membership: ActiveMember) -> Membership:
    """Problem 403 for any other member."""
    if membership.role != OFFICER_ROLE:
        raise Problem(FORBIDDEN, {"reason": "Only an officer of the union may see this."})
    return membership


def act_checks(request: Request) -> ActChecks:
    """What this deployment asks of acts and certificates."""
    settings: LedgerSettings = request.app.state.chassis.settings
    return ActChecks(
        public_url=settings.public_url,
        chain_id=settings.chain_id,
        act=ActLimits(
            settings.forwarded_act_age_max_seconds,
            settings.act_ahead_max_seconds,
            settings.act_field_max_characters,
        ),
        sign_in=SignInLimits(
            ahead_seconds=settings.sign_in_ahead_max_seconds,
            device_key_lifetime_seconds=settings.device_key_lifetime_seconds,
        ),
        standing=request.app.state.key_standing,
        contract_wallets=request.app.state.contract_wallets,
    )


Settings = Annotated[LedgerSettings, Depends(settings_of)]
OwnService = Annotated[Principal, Depends(service_principal)]
TransferAsker = Annotated[Asker, Depends(asker)]
Officer = Annotated[Membership, Depends(officer)]
OfficerOrService = Annotated[Principal | Membership, Depends(officer_or_service)]
